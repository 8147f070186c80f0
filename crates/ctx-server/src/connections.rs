//! Who is connected. There is room for so many; who uses it least gives way, so
//! that a client with a question always gets in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

/// Every open connection. Clones speak of the same ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connections {
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    uses: HashMap<u64, Use>,
    next: u64,
}

/// What a connection is used for.
#[derive(Debug)]
struct Use {
    /// Whether it ever asked anything.
    has_asked: bool,
    /// Requests whose answers were not sent to their end.
    running: usize,
    /// When it connected, or its last answer was sent.
    idle_since: Instant,
    end: Arc<Notify>,
}

/// An open connection, counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    number: u64,
    connections: Connections,
    end: Arc<Notify>,
}

/// A request on a connection, until its answer was sent.
#[derive(Debug)]
pub(crate) struct Asking {
    number: u64,
    connections: Connections,
}

impl Connections {
    /// Counts a new connection.
    pub(crate) fn admit(&self) -> Connection {
        let end = Arc::new(Notify::new());
        let mut open = self.lock();
        let number = open.next;
        open.next += 1;
        let idle_since = Instant::now();
        let line = Use { has_asked: false, running: 0, idle_since, end: Arc::clone(&end) };
        open.uses.insert(number, line);
        Connection { number, connections: self.clone(), end }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.lock().uses.len()
    }

    /// Ends the connection that is of least use: one that never asked anything,
    /// or else the one that has been idle for longest. False if all are at work.
    pub(crate) fn make_room(&self) -> bool {
        let mut open = self.lock();
        let idle = open.uses.iter().filter(|(_, line)| line.running == 0);
        let least = idle.min_by_key(|(_, line)| (line.has_asked, line.idle_since));
        let Some(number) = least.map(|(number, _)| *number) else { return false };
        // It counts no more, even before its task has noticed.
        if let Some(line) = open.uses.remove(&number) {
            line.end.notify_one();
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Notes a request, until its answer was sent. None if the connection was
    /// ended in the same moment: then the request must not begin.
    pub(crate) fn asking(&self) -> Option<Asking> {
        let mut open = self.connections.lock();
        let line = open.uses.get_mut(&self.number)?;
        line.has_asked = true;
        line.running += 1;
        Some(Asking { number: self.number, connections: self.connections.clone() })
    }

    /// Whether it ever asked anything.
    pub(crate) fn has_asked(&self) -> bool {
        self.connections.lock().uses.get(&self.number).is_some_and(|line| line.has_asked)
    }

    /// Comes back once it should make room.
    pub(crate) async fn ended(&self) {
        self.end.notified().await;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.lock().uses.remove(&self.number);
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if let Some(line) = self.connections.lock().uses.get_mut(&self.number) {
            line.running = line.running.saturating_sub(1);
            line.idle_since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_never_asked_gives_way_first_then_who_asked_longest_ago() {
        let connections = Connections::default();
        let lines: Vec<Connection> = (0..5).map(|_| connections.admit()).collect();
        let busy = lines[0].asking();
        drop(lines[3].asking());
        drop(lines[1].asking());
        let mut left = Vec::new();
        while connections.make_room() {
            let open = connections.lock();
            let gone =
                (0..5).find(|number| !open.uses.contains_key(number) && !left.contains(number));
            left.extend(gone);
        }
        assert_eq!(left, [2, 4, 3, 1]);
        assert!(lines[1].asking().is_none() && lines[0].asking().is_some());
        assert_eq!(connections.len(), 1);
        drop(busy);
        assert!(connections.make_room());
        drop(lines);
        assert_eq!(connections.len(), 0);
    }
}

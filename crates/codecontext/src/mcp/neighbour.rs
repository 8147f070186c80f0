//! Whose process is at the other end of a connection on this machine.

use std::net::SocketAddr;

/// Whether the other end belongs to our user. A port on the loopback address is
/// open to every user of the machine, unlike a socket in a folder of ours.
#[cfg(target_os = "linux")]
pub(super) fn is_ours(peer: SocketAddr, local: SocketAddr) -> bool {
    let table = if peer.is_ipv4() { "/proc/net/tcp" } else { "/proc/net/tcp6" };
    let us = rustix::process::getuid().as_raw();
    match std::fs::read_to_string(table) {
        Ok(table) => owner(&table, peer, local) == Some(us),
        // Without /proc nobody can tell.
        Err(_) => true,
    }
}

/// Elsewhere the system does not say.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_ours(_: SocketAddr, _: SocketAddr) -> bool {
    true
}

/// The user whose socket is bound to `end` and connected to `other`, by the
/// kernel's table of sockets (proc(5): /proc/net/tcp).
#[cfg(any(target_os = "linux", test))]
fn owner(table: &str, end: SocketAddr, other: SocketAddr) -> Option<u32> {
    let (end, other) = (written(end), written(other));
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let is_it = fields.next()? == end && fields.next()? == other;
        // After the addresses: state, queues, timer, retransmissions, user.
        is_it.then(|| fields.nth(4)?.parse().ok()).flatten()
    })
}

/// An address as the kernel writes it: 32-bit words in the machine's order.
#[cfg(any(target_os = "linux", test))]
fn written(address: SocketAddr) -> String {
    let words = |bytes: &[u8]| -> String {
        bytes
            .chunks_exact(4)
            .map(|word| {
                let word = [word[0], word[1], word[2], word[3]];
                format!("{:08X}", u32::from_ne_bytes(word))
            })
            .collect()
    };
    let ip = match address.ip() {
        std::net::IpAddr::V4(ip) => words(&ip.octets()),
        std::net::IpAddr::V6(ip) => words(&ip.octets()),
    };
    format!("{ip}:{:04X}", address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_end_is_found_by_both_addresses() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n   \
                     0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1\n   \
                     1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 2\n";
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        if cfg!(target_endian = "little") {
            assert_eq!(owner(table, at(50000), at(8080)), Some(1000));
            assert_eq!(owner(table, at(50001), at(8080)), None);
        }
    }

    #[test]
    fn a_connection_of_this_process_is_ours() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let ours = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (theirs, peer) = listener.accept().unwrap();
        assert!(is_ours(peer, theirs.local_addr().unwrap()));
        drop(ours);
    }
}

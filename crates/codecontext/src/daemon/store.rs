//! Opening the store, once the lock says that it is ours.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ctx_engine::request::{EngineOptions, Watching};
use ctx_engine::{Engine, ErrorKind};

use super::lock::Held;
use super::place::Place;
use crate::config::Config;
use crate::exit::Failure;

/// A process that ends lets go of its open files one by one, our lock before
/// the store's own. So long may the store be busy after the lock was free.
const CLOSING_PATIENCE: Duration = Duration::from_secs(5);

/// Opens the store of the data folder whose lock is held.
pub(crate) fn open_store(
    config: &Config,
    place: &Place,
    watching: Watching,
    _held: &Held,
) -> Result<Arc<Engine>, Failure> {
    let deadline = Instant::now() + CLOSING_PATIENCE;
    loop {
        let opened = Engine::open(EngineOptions {
            data_dir: place.data_dir().to_path_buf(),
            watching,
            limits: config.limits(),
            release_memory: crate::memory::release,
        });
        match opened {
            Ok(engine) => return Ok(Arc::new(engine)),
            Err(error) if error.kind == ErrorKind::Busy && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err(Failure::Told(error.into())),
        }
    }
}

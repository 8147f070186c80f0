//! A daemon's life: take the lock, open the store, listen, wind down.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ctx_engine::Engine;
use ctx_engine::request::Watching;
use ctx_server::{Life, Serving};
use tokio::signal::unix::{SignalKind, signal};

use super::lock::Lock;
use super::place::{Place, our_uid};
use super::store::open_store;
use super::{detach, log, upkeep};
use crate::config::Config;
use crate::exit::{Exit, Failure};

/// A daemon that cannot get the lock within this time gives way. It may have
/// to wait for an older one that finishes its requests.
const LOCK_PATIENCE: Duration = Duration::from_secs(15);
/// Running requests get this long once the daemon should end.
const DRAIN_PATIENCE: Duration = Duration::from_secs(60);
/// Engine calls that run at once are limited by the server; this only has to
/// be more.
const BLOCKING_THREADS: usize = 64;

/// How a daemon runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In a session of its own, as clients start it.
    Detached,
    /// At somebody's terminal, or under a supervisor.
    Foreground,
}

/// Runs a daemon to its end. One that finds another at work ends quietly.
pub(crate) fn run(config: &Config, mode: Mode) -> Result<Exit, Failure> {
    match mode {
        Mode::Detached => detach::detach(),
        Mode::Foreground => detach::leave_folder(),
    }
    let place = Place::made(config.data_dir())?;
    let traced = match mode {
        Mode::Detached => log::trace_to(&place.log_file()),
        Mode::Foreground => log::trace_to_terminal(),
    };
    traced.map_err(|error| Failure::unusable("could not write the log").because(error))?;

    let started = Instant::now();
    let lock = Lock::open(&place.lock_file())?;
    let answers = || std::os::unix::net::UnixStream::connect(place.socket()).is_ok();
    let Some(held) = lock.take_within("daemon", LOCK_PATIENCE, answers)? else {
        return give_way(&place, mode);
    };
    let engine = open_store(config, &place, Watching::On, &held)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_name("codecontext")
        .enable_all()
        .build()
        .map_err(|error| Failure::unusable("could not start threads").because(error))?;
    runtime.block_on(serve(config, &place, Arc::clone(&engine), started))?;
    engine.shut_down();
    tracing::info!("ended");
    // A call that outlasted all patience must not keep the process, and while
    // it runs the store is open: the lock goes with the process, not before.
    runtime.shutdown_background();
    std::mem::forget(held);
    Ok(Exit::Done)
}

fn give_way(place: &Place, mode: Mode) -> Result<Exit, Failure> {
    let holder = super::holder(&place.lock_file()).unwrap_or_else(|| "another process".into());
    if mode == Mode::Detached {
        tracing::info!(holder, "another is at work already");
        return Ok(Exit::Done);
    }
    Err(Failure::new(
        ctx_engine::ErrorKind::Busy,
        format!("{holder} has the data folder `{}` open", place.data_dir().display()),
    )
    .hint("`codecontext daemon stop` ends it"))
}

async fn serve(
    config: &Config,
    place: &Place,
    engine: Arc<Engine>,
    started: Instant,
) -> Result<(), Failure> {
    let listener = tokio::net::UnixListener::from_std(place.listen()?)
        .map_err(|error| Failure::unusable("could not listen").because(error))?;
    let serving = Serving::new(Arc::clone(&engine), super::identity(place.data_dir()));
    drain_on_signals(serving.life())?;
    tokio::spawn(upkeep::upkeep(config.clone(), place.clone(), engine, serving.life().clone()));
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        pid = std::process::id(),
        start_ms = started.elapsed().as_millis() as u64,
        "listening"
    );
    let router = ctx_server::router(Arc::clone(&serving));
    let ours = place.socket_identity();
    let unlisted = || {
        if place.socket_identity() == ours {
            // If it stays, the next daemon removes it.
            let _ = std::fs::remove_file(place.socket());
        }
    };
    ctx_server::listen(listener, router, serving, our_uid(), DRAIN_PATIENCE, unlisted).await;
    Ok(())
}

/// Ends the daemon when the system or a person asks it to.
fn drain_on_signals(life: &Life) -> Result<(), Failure> {
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        let mut signals = signal(kind)
            .map_err(|error| Failure::unusable("could not wait for signals").because(error))?;
        let life = life.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                tracing::info!(signal = kind.as_raw_value(), "asked to end");
                // Who asks twice does not want to wait.
                if life.is_draining() {
                    life.end();
                }
                life.drain();
            }
        });
    }
    Ok(())
}

//! What this process costs: CPU time and memory.

use std::time::Duration;

/// CPU time of this process so far, all threads.
pub(crate) fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.max(0) as u64, time.tv_nsec.clamp(0, 999_999_999) as u32)
}

/// The highest resident memory so far, in bytes; 0 where the system does not say.
pub(crate) fn peak_rss_bytes() -> u64 {
    status_line("VmHWM:")
}

/// Resident memory now, in bytes; 0 where the system does not say.
pub(crate) fn rss_bytes() -> u64 {
    status_line("VmRSS:")
}

fn status_line(name: &str) -> u64 {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return 0 };
    status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kib| kib * 1024)
}

//! Processor time by phase.

use std::time::Duration;

/// Processor time of this thread so far; nothing where the system does not tell.
pub(crate) fn thread_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(
            u64::try_from(time.tv_sec).unwrap_or(0),
            u32::try_from(time.tv_nsec).unwrap_or(0),
        )
    }
    #[cfg(not(unix))]
    Duration::ZERO
}

/// Processor time of all threads of this process so far; nothing where the system does not tell.
pub(crate) fn process_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Duration::new(
            u64::try_from(time.tv_sec).unwrap_or(0),
            u32::try_from(time.tv_nsec).unwrap_or(0),
        )
    }
    #[cfg(not(unix))]
    Duration::ZERO
}

/// Processor time of a worker by what it did.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Phases {
    last: Duration,
    pub(super) read: Duration,
    pub(super) simplify: Duration,
    pub(super) encode: Duration,
    pub(super) compress: Duration,
    pub(super) write: Duration,
}

impl Phases {
    /// What comes now is counted by the call that ends it.
    pub(super) fn start(&mut self) {
        self.last = thread_time();
    }

    fn lap(&mut self) -> Duration {
        let now = thread_time();
        let lap = now.saturating_sub(self.last);
        self.last = now;
        lap
    }

    pub(super) fn loaded(&mut self) {
        let lap = self.lap();
        self.read += lap;
    }

    pub(super) fn simplified(&mut self) {
        let lap = self.lap();
        self.simplify += lap;
    }

    pub(super) fn encoded(&mut self) {
        let lap = self.lap();
        self.encode += lap;
    }

    pub(super) fn compressed(&mut self) {
        let lap = self.lap();
        self.compress += lap;
    }

    pub(super) fn written(&mut self) {
        let lap = self.lap();
        self.write += lap;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.simplify += other.simplify;
        self.encode += other.encode;
        self.compress += other.compress;
        self.write += other.write;
    }
}

//! Work that waits for a thread of the store.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// Work handed from tasks, which never wait here, to threads, which do.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
}

struct State<T> {
    waiting: VecDeque<T>,
    sleepers: usize,
    is_closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        let state = State { waiting: VecDeque::new(), sleepers: 0, is_closed: false };
        Self { state: Mutex::new(state), arrived: Condvar::new() }
    }

    /// Adds work, unless the queue is closed.
    pub(crate) fn push(&self, work: T) -> Result<(), T> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(work);
        }
        state.waiting.push_back(work);
        let wakes = state.sleepers > 0;
        drop(state);
        // Without a sleeper the call into the kernel would be for nothing.
        if wakes {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Waits until there is work, then lets `choose` take what it wants of it; `None` when all is done and no more comes.
    pub(crate) fn take<R>(&self, choose: impl FnOnce(&mut VecDeque<T>) -> R) -> Option<R> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.is_closed {
                return None;
            }
            state = self.sleep(state);
        }
        Some(choose(&mut state.waiting))
    }

    /// Takes no further work; what waits is still done.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.arrived.notify_all();
    }

    fn sleep<'a>(&self, mut state: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        state.sleepers += 1;
        let mut state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.sleepers -= 1;
        state
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Writers that send in the same instant.

use std::{sync::Barrier, thread};

use super::{Client, Request, Response};

/// What each of the writers is answered, in the order of their clients.
pub(crate) fn race(clients: &mut [Client], request: impl Fn(usize) -> Request + Sync) -> Vec<Response> {
    let (start, request) = (&Barrier::new(clients.len()), &request);
    thread::scope(|scope| {
        let writers = clients.iter_mut().enumerate().map(|(number, client)| {
            let request = request(number);
            scope.spawn(move || {
                start.wait();
                client.send(&request)
            })
        });
        let writers: Vec<_> = writers.collect();
        writers.into_iter().map(|writer| writer.join().expect("the writer was answered")).collect()
    })
}

//! Many visitors at once, for as many lives as the server has.

use std::{
    net::SocketAddr,
    sync::{Barrier, mpsc},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    check::check,
    history::{Answer, Ask, History, Operation},
    support::{Board, Client},
    visitor::{Resource, Visitor},
};

const RESOURCES: usize = 4;
const VISITORS: usize = 8;
/// How often each visitor asks in one life of the server.
const VISITS: usize = 100;
/// How often it would where the server is killed: so often that none is done before.
const VISITS_CUT_SHORT: usize = 10 * VISITS;
/// How long a visitor waits that was told to come later.
const LATER: Duration = Duration::from_millis(10);

/// What a visitor makes of being told to come later.
#[derive(Clone, Copy)]
enum Outage {
    /// It goes home.
    Unexpected,
    /// It comes later, as often as it takes.
    Borne,
}

/// Some resources, and what happened to them in all lives of the server so far.
pub(crate) struct Campaign {
    resources: Vec<Resource>,
    seed: u64,
    lives: u64,
}

impl Campaign {
    pub(crate) fn new(round: usize) -> Self {
        let seed = u64::try_from(round).expect("a usize has at most 64 bits");
        Self { resources: (0..RESOURCES).map(|_| Resource::new()).collect(), seed, lives: 0 }
    }

    /// Lets all visitors ask, each one of these servers, and waits for them.
    pub(crate) fn visit(&mut self, servers: &[SocketAddr]) {
        let ((), answers) = self.visit_while(servers, VISITS, Outage::Unexpected, |_| ());
        assert_eq!(answers, VISITORS * VISITS, "a server hung up, or was unavailable");
    }

    /// The same, and lets the servers' store go away and come back amid it. Each visitor gets all its answers in the end.
    pub(crate) fn visit_through_an_outage(&mut self, servers: &[SocketAddr], outage: impl FnOnce()) {
        let ((), answers) = self.visit_while(servers, VISITS, Outage::Borne, |answered| {
            await_answers(answered);
            outage();
        });
        assert_eq!(answers, VISITORS * VISITS, "a server hung up");
        let is_unavailable = |operation: &Operation| matches!(operation.answer, Answer::Unavailable | Answer::Lost);
        let logs = self.resources.iter().map(|resource| resource.log.to_history());
        assert!(logs.into_iter().any(|log| log.operations.iter().any(is_unavailable)), "nobody saw the outage");
    }

    /// The same, and kills the server amid it.
    pub(crate) fn visit_until_killed(&mut self, board: Board) -> TempDir {
        let address = board.address;
        let (directory, answers) = self.visit_while(&[address], VISITS_CUT_SHORT, Outage::Unexpected, |answered| {
            await_answers(answered);
            board.kill()
        });
        assert!(answers < VISITORS * VISITS_CUT_SHORT, "they were done before the kill");
        directory
    }

    /// Does `meanwhile`, which is told of each answer. Gives the number of all answers too.
    fn visit_while<T>(
        &mut self,
        servers: &[SocketAddr],
        visits: usize,
        outage: Outage,
        meanwhile: impl FnOnce(&mpsc::Receiver<()>) -> T,
    ) -> (T, usize) {
        self.lives += 1;
        let (answered, answers) = mpsc::channel();
        let (resources, start) = (&self.resources[..], &Barrier::new(VISITORS));
        thread::scope(|scope| {
            let visit = |(number, server): (usize, &SocketAddr)| {
                let (mut visitor, answered) = (self.visitor(number, *server), answered.clone());
                scope.spawn(move || {
                    start.wait();
                    let answers = (0..visits).map_while(|_| visit(&mut visitor, resources, outage));
                    // The test may have stopped counting.
                    answers.inspect(|_| _ = answered.send(())).count()
                })
            };
            let visitors: Vec<_> = (0..VISITORS).zip(servers.iter().cycle()).map(visit).collect();
            let done = meanwhile(&answers);
            (done, visitors.into_iter().map(|visitor| visitor.join().expect("no wrong answer")).sum())
        })
    }

    fn visitor(&self, number: usize, server: SocketAddr) -> Visitor {
        let number = u64::try_from(number).expect("few visitors");
        let seed = (self.seed << 16) + (self.lives << 8) + number;
        Visitor::new(format!("{}.{number}", self.lives), server, seed, RESOURCES)
    }

    /// Reads what is left of each resource, when nothing is under way any more, and checks all that was recorded.
    pub(crate) fn conclude(self, client: &mut Client) {
        for resource in &self.resources {
            resource.exchange(client, &Ask::Get(None)).expect("the server lives");
            let history = resource.log.to_history();
            assert_tells_something(&history);
            check(&history).unwrap_or_else(|violation| panic!("{violation}"));
        }
    }
}

/// Waits for so many that all visitors are in the midst of it.
fn await_answers(answered: &mpsc::Receiver<()>) {
    for _ in 0..VISITORS * VISITS / 3 {
        answered.recv_timeout(Duration::from_secs(30)).expect("the visitors get on");
    }
}

/// Gives nothing where there is no answer.
fn visit(visitor: &mut Visitor, resources: &[Resource], outage: Outage) -> Option<Answer> {
    loop {
        match (visitor.visit(resources)?, outage) {
            (Answer::Unavailable, Outage::Unexpected) => return None,
            (Answer::Unavailable, Outage::Borne) => thread::sleep(LATER),
            (answer, _) => return Some(answer),
        }
    }
}

/// A history in which nobody got in another's way would pass whatever the server does.
fn assert_tells_something(history: &History) {
    let count = |is_counted: fn(&Answer) -> bool| {
        history.operations.iter().filter(|operation| is_counted(&operation.answer)).count()
    };
    assert!(count(|answer| matches!(answer, Answer::Written(_))) > 10, "hardly a write in\n{history:?}");
    assert!(count(|answer| matches!(answer, Answer::Refused(Some(_)))) > 10, "hardly a conflict in\n{history:?}");
}

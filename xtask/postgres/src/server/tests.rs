//! What a server does when it is told to, and what is left when nobody told it.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::*;
use crate::{postmaster::children, shared};

/// Set for the process that is killed.
const ROLE: &str = "PRIVATE_POSTGRES_TEST_ROLE";

/// How long another process may take.
const PATIENCE: Duration = Duration::from_secs(10);

fn launch() -> Server {
    Server::launch(Fsync::Off).unwrap()
}

/// What a client asks first, before it says who it is: whether there is encryption.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// A connection that a process of the server has taken on.
fn connect(port: u16) -> io::Result<TcpStream> {
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.write_all(&SSL_REQUEST)?;
    connection.read_exact(&mut [0])?;
    Ok(connection)
}

/// Whether it ends, whatever the server says first.
fn is_closed(mut connection: TcpStream) -> bool {
    match connection.read_to_end(&mut Vec::new()) {
        Ok(_) => true,
        Err(error) => error.kind() != io::ErrorKind::WouldBlock,
    }
}

fn folder_of(server: &Server) -> PathBuf {
    server.state().cluster.data().parent().unwrap().to_owned()
}

/// Waits for what another process is about to do.
fn wait_until(is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "it did not come to be");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn each_fresh_database_is_another() {
    let urls = [shared().fresh_database().unwrap(), shared().fresh_database().unwrap()];
    assert_ne!(urls[0], urls[1]);
    assert!(urls[0].starts_with(&format!("postgres://postgres@127.0.0.1:{}/", shared().port())), "{}", urls[0]);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn two_servers_run_side_by_side() {
    let (one, other) = (launch(), launch());
    assert_ne!(one.port(), other.port());
    one.fresh_database().unwrap();
    other.fresh_database().unwrap();
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn what_is_committed_outlives_a_kill() {
    let server = launch();
    server.perform("CREATE DATABASE kept").unwrap();
    server.kill().unwrap();
    server.start().unwrap();
    let error = server.perform("CREATE DATABASE kept").unwrap_err();
    assert!(error.to_string().contains("already exists"), "{error}");
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_kill_ends_the_connections_too() {
    let server = launch();
    let connection = connect(server.port()).unwrap();
    server.kill().unwrap();
    assert!(is_closed(connection));
    assert!(connect(server.port()).is_err());
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_kill_leaves_no_time_to_tidy_up_and_a_stop_does() {
    let server = launch();
    let lock = folder_of(&server).join("data/postmaster.pid");
    server.kill().unwrap();
    assert!(lock.exists());
    server.start().unwrap();
    server.stop().unwrap();
    assert!(!lock.exists());
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_kill_leaves_no_process() {
    let server = launch();
    let postmaster = server.state().running.as_ref().unwrap().id();
    let processes: Vec<_> = children(postmaster).into_iter().chain([postmaster]).collect();
    server.kill().unwrap();
    // A process that has ended but was not asked for yet can't be told from one that runs, except by its memory.
    let has_memory = |process| {
        let memory = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
        !memory.is_empty() && !memory.starts_with('0')
    };
    assert!(!processes.into_iter().any(has_memory));
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_stopped_server_refuses_until_it_starts_on_the_same_port() {
    let server = launch();
    let port = server.port();
    server.stop().unwrap();
    assert!(connect(port).is_err());
    assert!(server.fresh_database().is_err());
    server.start().unwrap();
    assert_eq!(server.port(), port);
    server.fresh_database().unwrap();
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_restart_disconnects_and_keeps_the_data() {
    let server = launch();
    server.perform("CREATE DATABASE kept").unwrap();
    let connection = connect(server.port()).unwrap();
    server.restart().unwrap();
    assert!(is_closed(connection));
    assert!(server.perform("CREATE DATABASE kept").is_err());
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn what_is_done_already_is_not_done_again() {
    let server = launch();
    server.start().unwrap();
    server.stop().unwrap();
    server.stop().unwrap();
    server.kill().unwrap();
    server.start().unwrap();
    server.fresh_database().unwrap();
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_launch_goes_on_to_another_port_where_one_is_taken() {
    let server = launch();
    let mut cluster = Cluster::create(&env::temp_dir()).unwrap();
    let started = Postmaster::start(&mut cluster, server.port(), Fsync::Off);
    assert!(matches!(started, Err(StartError::PortIsTaken)), "{started:?}");
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_server_that_does_not_start_says_why() {
    let mut cluster = Cluster::create(&env::temp_dir()).unwrap();
    std::fs::remove_file(cluster.data().join("postgresql.conf")).unwrap();
    let started = Postmaster::start(&mut cluster, ports::free().unwrap(), Fsync::Off);
    let Err(StartError::Other(error)) = started else { panic!("{started:?}") };
    assert!(error.to_string().contains("postgresql.conf"), "{error}");
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_dropped_server_leaves_nothing() {
    let server = launch();
    let (port, folder) = (server.port(), folder_of(&server));
    assert!(folder.exists());
    drop(server);
    assert!(connect(port).is_err());
    assert!(!folder.exists());
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_server_dropped_after_a_kill_leaves_nothing() {
    let server = launch();
    let folder = folder_of(&server);
    server.kill().unwrap();
    drop(server);
    assert!(!folder.exists());
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_killed_process_leaves_no_server() {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "server::tests::the_process_that_is_killed", "--ignored", "--nocapture"]).env(ROLE, "");
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let told = lines.into_iter().find_map(|line| line.strip_prefix("launched ").map(ToOwned::to_owned)).unwrap();
    let (port, folder) = told.split_once(' ').unwrap();
    let connection = connect(port.parse().unwrap()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_closed(connection));
    wait_until(|| !PathBuf::from(folder).exists());
}

#[test]
#[ignore = "the work of a child process; does nothing by itself"]
fn the_process_that_is_killed() {
    if env::var_os(ROLE).is_none() {
        return;
    }
    let server = launch();
    println!("\nlaunched {} {}", server.port(), folder_of(&server).display());
    io::stdin().read_to_string(&mut String::new()).unwrap();
}

//! What the numbers were measured on, and when.

use std::{fs, process::Command, thread};

/// One line each: processor, system, compiler, date.
pub(crate) fn describe() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let date = jiff::Timestamp::now().strftime("%Y-%m-%d");
    format!("- machine: {}, {cores} cores, {}\n- compiler: {}\n- date: {date}\n", processor(), system(), compiler())
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    match (value("model name"), value("model\t")) {
        (Some(name), Some(model)) => format!("{name} (model {model})"),
        _ => format!("an unknown processor ({})", std::env::consts::ARCH),
    }
}

fn system() -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{} {}", std::env::consts::OS, release.trim()).trim_end().to_owned()
}

fn compiler() -> String {
    let rustc = Command::new("rustc").arg("--version").output();
    rustc.map_or_else(|_| "unknown".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

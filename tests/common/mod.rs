//! Running the built program, and other people's programs.
#![allow(dead_code, reason = "every test binary uses its part of this")]
#![allow(
    clippy::print_stdout,
    reason = "skipped checks are part of the test log"
)]

pub mod inputs;
pub mod postgis;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs `yutu` with arguments, in a folder of its own choice of environment.
pub fn yutu(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yutu"))
        .args(arguments)
        // What a developer imported is no part of the tests.
        .env("YUTU_GAZETTEER", "")
        .env("XDG_DATA_HOME", env!("CARGO_TARGET_TMPDIR"))
        .output()
        .expect("the program starts")
}

/// stdout of a run that must end with a code.
pub fn stdout(arguments: &[&str], code: i32) -> String {
    let output = yutu(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(code),
        "yutu {arguments:?}: {stderr}"
    );
    String::from_utf8(output.stdout).expect("stdout is UTF-8")
}

/// stderr of a run that must end with a code and print nothing on stdout.
pub fn stderr(arguments: &[&str], code: i32) -> String {
    let output = yutu(arguments);
    let stderr = String::from_utf8(output.stderr).expect("stderr is UTF-8");
    assert_eq!(
        output.status.code(),
        Some(code),
        "yutu {arguments:?}: {stderr}"
    );
    assert!(
        output.stdout.is_empty(),
        "yutu {arguments:?} prints data beside its error"
    );
    stderr
}

/// Runs `yutu tile` in a shell that has set limits for itself.
pub fn tile_limited(limits: &str, input: &Path, out: &Path, more: &[&str]) -> Output {
    Command::new("sh")
        .arg("-c")
        .arg(format!("{limits}; exec \"$0\" tile \"$@\""))
        .arg(env!("CARGO_BIN_EXE_yutu"))
        .arg(input)
        .arg("-o")
        .arg(out)
        .args(more)
        .env("YUTU_GAZETTEER", "")
        .output()
        .expect("sh runs")
}

/// Runs a program that must succeed.
pub fn succeeds(command: &mut Command) -> Output {
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

/// JSON of a run that must succeed.
pub fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&stdout(arguments, 0)).expect("stdout is JSON")
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A program that a test needs, or `None` when it is not there.
///
/// The test command of the README installs all of them and sets `YUTU_REQUIRE_TOOLS`: then a missing one fails.
pub fn tool(name: &str, probe: &[&str]) -> Option<PathBuf> {
    let path = match name {
        // The Python of the virtual environment with the packages of tests/readers/requirements.txt.
        "python" => std::env::var_os("YUTU_TEST_PYTHON")
            .map_or_else(|| PathBuf::from("python3"), PathBuf::from),
        other => PathBuf::from(other),
    };
    let works = Command::new(&path)
        .args(probe)
        .output()
        .is_ok_and(|output| output.status.success());
    if works {
        return Some(path);
    }
    assert!(
        std::env::var_os("YUTU_REQUIRE_TOOLS").is_none(),
        "{name} is missing or does not work: {probe:?}"
    );
    println!("SKIPPED: {name} is not installed; scripts/test installs it");
    None
}

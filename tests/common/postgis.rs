//! A `PostGIS` for a test.
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A `PostGIS` of this test only: a cluster in a folder, on a socket in it, run by an unprivileged user.
pub struct PostGis {
    folder: tempfile::TempDir,
    programs: PathBuf,
    as_user: Vec<String>,
}

impl PostGis {
    /// `None`, said aloud, when it is not installed.
    pub fn start() -> Option<Self> {
        let programs = PathBuf::from("/usr/lib/postgresql/15/bin");
        if !programs.join("initdb").exists() {
            let message = "PostGIS (postgresql-15-postgis-3) is not installed";
            assert!(
                std::env::var_os("YUTU_REQUIRE_TOOLS").is_none(),
                "{message}"
            );
            println!("SKIPPED: {message}");
            return None;
        }
        // A socket's name must be short.
        let folder = tempfile::tempdir().expect("a folder");
        let root = Command::new("id")
            .arg("-u")
            .output()
            .is_ok_and(|id| id.stdout == b"0\n");
        let as_user = if root {
            // Root may not run a cluster: the user of the package does.
            let path = folder.path().to_str().expect("UTF-8");
            assert!(
                Command::new("chown")
                    .args(["postgres", path])
                    .status()
                    .is_ok_and(|status| status.success())
            );
            ["runuser", "-u", "postgres", "--"]
                .map(str::to_owned)
                .to_vec()
        } else {
            Vec::new()
        };
        let cluster = Self {
            folder,
            programs,
            as_user,
        };
        let data = cluster.folder.path().join("data");
        let data = data.to_str().expect("UTF-8").to_owned();
        cluster.run(
            "initdb",
            &[
                "-D",
                &data,
                "-A",
                "trust",
                "-U",
                "test",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
            ],
        );
        let socket = cluster.folder.path().to_str().expect("UTF-8");
        let options =
            format!("-c listen_addresses='' -c unix_socket_directories={socket} -c fsync=off");
        let log = format!("{socket}/log");
        cluster.run(
            "pg_ctl",
            &["-D", &data, "-w", "-o", &options, "-l", &log, "start"],
        );
        cluster.ask("create extension postgis");
        Some(cluster)
    }

    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        if let Some((first, rest)) = self.as_user.split_first() {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        } else {
            Command::new(program)
        }
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let status = self
            .command(program)
            .args(arguments)
            .stdout(Stdio::null())
            .current_dir("/")
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "{program} {arguments:?}"
        );
    }

    /// `postgresql://…` of it.
    pub fn url(&self) -> String {
        let socket = self.folder.path().to_str().expect("UTF-8");
        format!(
            "postgresql://test@/postgres?host={}",
            socket.replace('/', "%2F")
        )
    }

    /// Rows of an answer, cells parted by `|`.
    pub fn ask(&self, text: &str) -> Vec<Vec<String>> {
        let socket = self.folder.path().to_str().expect("UTF-8");
        let mut process = self
            .command("psql")
            .args([
                "-h",
                socket,
                "-U",
                "test",
                "-d",
                "postgres",
                "-qAt",
                "-v",
                "ON_ERROR_STOP=1",
            ])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("psql starts");
        let mut stdin = process.stdin.take().expect("piped");
        let text = text.to_owned();
        let writing = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
        let output = process.wait_with_output().expect("psql ends");
        writing.join().expect("writes").expect("psql reads");
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines()
            .map(|line| line.split('|').map(str::to_owned).collect())
            .collect()
    }
}

impl Drop for PostGis {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        let data = data.to_str().unwrap_or_default().to_owned();
        let _ = self
            .command("pg_ctl")
            .args(["-D", &data, "-m", "immediate", "stop"])
            .stdout(Stdio::null())
            .current_dir("/")
            .status();
        if !self.as_user.is_empty() {
            let _ = Command::new("chown")
                .args([
                    "-R",
                    "root",
                    self.folder.path().to_str().unwrap_or_default(),
                ])
                .status();
        }
    }
}

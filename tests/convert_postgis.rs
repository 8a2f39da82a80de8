//! `yutu convert` into `PostGIS`: what the database says of the tables, and what a load that is killed leaves behind.

#[path = "common/postgis.rs"]
mod postgis;

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use postgis::PostGis;

fn yutu() -> Command {
    Command::new(env!("CARGO_BIN_EXE_yutu"))
}

fn features(count: u32) -> String {
    let mut text = String::new();
    for number in 0..count {
        let lon = 100.0 + f64::from(number % 100) / 10.0;
        let _ = writeln!(
            text,
            r#"{{"type":"Feature","id":{},"properties":{{"名称":"村\\{number}\t'\"","人口":{number},"建":"1899-12-31","又名":["a\\n"],"空":null}},"geometry":{{"type":"Point","coordinates":[{lon},30.5]}}}}"#,
            number * 3 + 1,
        );
    }
    text
}

#[test]
fn a_table_with_index_and_types_or_nothing() {
    let Some(database) = PostGis::start() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("乡镇.ndjson");
    std::fs::write(&file, features(2000)).expect("written");
    let run = |file: &Path, more: &[&str]| {
        yutu()
            .arg("convert")
            .arg(file)
            .args(["-o", &database.url()])
            .args(more)
            .output()
            .expect("the program starts")
    };
    let output = run(&file, &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("schema yutu: 2000 features"), "{said}");
    let ask = |sql: &str| {
        database
            .ask(sql)
            .into_iter()
            .map(|row| row.join("|"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ask(
            "select count(*), sum(\"人口\"), min(fid), max(fid), st_srid(geom), min(\"建\") from yutu.\"乡镇\" group by st_srid(geom)"
        ),
        ["2000|1999000|1|5998|4326|1899-12-31"]
    );
    assert_eq!(
        ask("select \"名称\", \"又名\" from yutu.\"乡镇\" where fid = 4"),
        ["村\\1\t'\"|[\"a\\\\n\"]"]
    );
    assert_eq!(
        ask(
            "select string_agg(type, ',' order by column_name) from (select column_name, data_type as type from information_schema.columns where table_name = '乡镇' and column_name in ('人口', '建', '又名')) as c"
        ),
        ["bigint,json,date"]
    );
    assert_eq!(
        ask("select count(*) from pg_indexes where tablename = '乡镇' and indexdef like '%gist%'"),
        ["1"]
    );
    assert_eq!(
        ask("select type, srid from geometry_columns where f_table_name = '乡镇'"),
        ["POINT|4326"]
    );
    assert!(
        ask("select obj_description('yutu.\"乡镇\"'::regclass)")[0].starts_with("yutu convert")
    );

    // What is there stays, unless it is asked to go.
    let output = run(&file, &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("already exists"), "{said}");
    assert!(run(&file, &["--force"]).status.success());

    // An input that breaks off, and a load that is killed in the middle, leave nothing behind.
    let broken = folder.path().join("broken.ndjson");
    std::fs::write(&broken, features(3000)).expect("written");
    let output = run(
        &broken,
        &["--schema", "other", "--strict", "--encoding", "utf-8"],
    );
    assert!(output.status.success());
    let mut killed = yutu()
        .args(["convert", "-", "--name", "killed", "-o", &database.url()])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut input = killed.stdin.take().expect("piped");
    input
        .write_all(features(200_000).as_bytes())
        .expect("taken");
    drop(input);
    // It is in the middle of its rows when the database sees the lock of its table.
    let held = "select count(*) from pg_locks join pg_class on pg_class.oid = relation where relname = 'killed' and mode = 'RowExclusiveLock'";
    let seen = "select count(*) from pg_stat_activity where query like 'COPY%killed%' and state = 'active'";
    let mut tries = 0;
    while ask(seen) != ["1"] && ask(held) != ["1"] {
        tries += 1;
        assert!(tries < 2000, "it never began");
    }
    killed.kill().expect("killed");
    killed.wait().expect("ended");
    let mut tries = 0;
    while ask(
        "select count(*) from pg_stat_activity where query like '%killed%' and pid <> pg_backend_pid()",
    ) != ["0"]
    {
        tries += 1;
        assert!(tries < 2000, "it never ended");
    }
    assert_eq!(
        ask("select count(*) from pg_class where relname = 'killed'"),
        ["0"]
    );
}

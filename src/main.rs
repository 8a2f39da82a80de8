//! The `yutu` program.

fn main() -> std::process::ExitCode {
    yutu::run()
}

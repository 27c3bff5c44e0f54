using System.Diagnostics;
using Processor.Testing;
using Xunit;

namespace Processor.Architecture.Tests;

/// <summary>The scripts that people run, as far as they can be tried without running everything.</summary>
public sealed class ScriptTests
{
    private static IEnumerable<string> Paths => RepositoryFiles.Below("tools", "").Append(".ci/run").Where(IsShell);

    public static TheoryData<string> Scripts() => [.. Paths];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_is_sound_bash(string script)
    {
        var (status, _, error) = await BashAsync("-n", RepositoryRoot.Path(script));

        Assert.Equal("", error);
        Assert.Equal(0, status);
    }

    [Fact]
    public void A_script_that_people_call_can_be_called()
    {
        Assert.All(
            Paths.Where(script => !script.EndsWith(".sh", StringComparison.Ordinal)),
            script => Assert.True(
                OperatingSystem.IsWindows()
                || File.GetUnixFileMode(RepositoryRoot.Path(script)).HasFlag(UnixFileMode.UserExecute),
                script));
    }

    [Fact]
    public async Task What_was_executed_and_did_not_pass_has_failed()
    {
        using var folder = new ScratchFolder();
        string first = folder.Write("first.trx", Trx("total=\"9\" executed=\"8\" passed=\"5\" failed=\"1\" error=\"1\" timeout=\"1\""));
        string second = folder.Write("second.trx", Trx("total=\"2\" executed=\"2\" passed=\"2\" failed=\"0\""));

        var (status, output, _) = await BashAsync(RepositoryRoot.Path("tools", "lib", "count-trx"), first, second);

        Assert.Equal(0, status);
        Assert.Equal("7 3 1", output.Trim());
    }

    [Fact]
    public async Task A_result_file_that_was_cut_short_counts_nothing()
    {
        using var folder = new ScratchFolder();
        string cut = folder.Write("cut.trx", "<TestRun><Results>");

        var (status, output, _) = await BashAsync(RepositoryRoot.Path("tools", "lib", "count-trx"), cut);

        Assert.NotEqual(0, status);
        Assert.Equal("", output);
    }

    [Fact]
    public async Task A_pid_file_means_one_process_and_never_a_later_one()
    {
        using var folder = new ScratchFolder();
        const string Script = """
            source "$1/tools/lib/common.sh"; source "$1/tools/lib/processes.sh"; cd "$2"
            sleep 100 & mine=$!
            write_pid own.pid "$mine"
            echo "own $(($(running_pid own.pid) == mine))"
            read -r pid start boot <own.pid
            echo "$pid $((start - 1)) $boot" >earlier.pid
            running_pid earlier.pid || echo "earlier no"
            echo "$pid $start another-boot" >boot.pid
            running_pid boot.pid || echo "boot no"
            running_pid missing.pid || echo "missing no"
            end_process own.pid TERM 10
            kill -0 "$mine" 2>/dev/null || echo "ended"
            """;

        var (_, output, error) = await BashAsync("-c", Script, "test", RepositoryRoot.Folder, folder.Path);

        Assert.Equal("own 1\nearlier no\nboot no\nmissing no\nended\n", output);
        Assert.Equal("", error);
    }

    private static bool IsShell(string path)
    {
        using var reader = new StreamReader(RepositoryRoot.Path(path));
        return path.EndsWith(".sh", StringComparison.Ordinal) || reader.ReadLine() == "#!/usr/bin/env bash";
    }

    private static string Trx(string counters) => $"""
        <?xml version="1.0" encoding="utf-8"?>
        <TestRun><ResultSummary outcome="Completed"><Counters {counters} notExecuted="0" /></ResultSummary></TestRun>
        """;

    private static async Task<(int Status, string Output, string Error)> BashAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/bash", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}

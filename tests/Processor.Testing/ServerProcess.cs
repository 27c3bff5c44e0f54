using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Processor.Testing;

/// <summary>
/// A server started under a guard: a shell whose standard input is a pipe from this process. When this process dies, in
/// whatever way, the pipe closes and the guard ends the server. (A parent-death signal would follow the thread that
/// started the server, and pool threads come and go.)
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    // $1 signal at the end, $2 log, rest: the command. Prints the server's pid, waits for the end of standard input.
    private const string GuardScript = """
        signal=$1; log=$2; shift 2
        "$@" </dev/null >>"$log" 2>&1 &
        server=$!
        exec 2>/dev/null
        echo "$server"
        read -r _
        kill -s "$signal" "$server"
        wait "$server"
        """;

    private static readonly TimeSpan EndWait = TimeSpan.FromSeconds(20);

    private readonly Process guard;
    private readonly string logPath;

    private ServerProcess(Process guard, int pid, string logPath)
    {
        this.guard = guard;
        this.logPath = logPath;
        Pid = pid;
    }

    public int Pid { get; }

    /// <summary>True until the process has ended, even when nobody has collected its status yet.</summary>
    public bool IsRunning
    {
        get
        {
            try
            {
                // pid (name) state ...: Z is a process that has ended.
                string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/stat"));
                return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <param name="endSignal">What ends the server when this process lets go of it: KILL or QUIT.</param>
    /// <param name="logPath">Takes the server's output.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <exception cref="Win32Exception">There is no shell.</exception>
    public static ServerProcess Start(string endSignal, string logPath, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        foreach (string argument in (string[])["-c", GuardScript, "guard", endSignal, logPath, .. command])
            start.ArgumentList.Add(argument);

        var guard = Process.Start(start) ?? throw new InvalidOperationException("The guard did not start.");
        string line = guard.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The guard ended before it started the server.");
        return new ServerProcess(guard, int.Parse(line, CultureInfo.InvariantCulture), logPath);
    }

    /// <summary>Ends the server at once, as a power cut of the process would (SIGKILL), and waits until it is gone.</summary>
    public void Kill()
    {
        if (IsRunning)
        {
            using var server = Process.GetProcessById(Pid);
            server.Kill();
        }

        End();
    }

    /// <summary>Lets go of the guard, which ends the server, and waits until it is gone.</summary>
    public void End()
    {
        guard.StandardInput.Close();
        if (!guard.WaitForExit(EndWait))
            throw new TimeoutException($"A test server did not end. {Log()}");
    }

    /// <summary>The last lines of what the server printed.</summary>
    public string Log()
    {
        const int LinesMax = 20;
        return File.Exists(logPath)
            ? string.Join(Environment.NewLine, File.ReadLines(logPath).TakeLast(LinesMax))
            : "";
    }

    /// <summary>Waits until the probe says yes.</summary>
    /// <exception cref="ServerNotReadyException">The server ended, or was not ready in time.</exception>
    public async Task WaitUntilReadyAsync(Func<CancellationToken, Task<bool>> isReady, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var probe = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            if (await isReady(probe.Token).ConfigureAwait(false))
                return;
            if (!IsRunning)
                throw new ServerNotReadyException($"The server ended before it was ready. {Log()}");
            if (waited.Elapsed > patience)
                throw new ServerNotReadyException($"The server was not ready within {patience.TotalSeconds} s. {Log()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5)).ConfigureAwait(false);
        }
    }

    public void Dispose() => guard.Dispose();
}

using System.Diagnostics;

namespace Processor.Testing;

/// <summary>
/// An initialized Postgres folder that every test server starts from as a copy: initializing takes seconds, copying a
/// fraction of one. It is made once per machine and Postgres version.
/// </summary>
internal static class PostgresTemplate
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What stands before a command so that it does not run as root, which Postgres refuses.</summary>
    public static IReadOnlyList<string> AsServerUser { get; } = Environment.UserName == "root"
        ? [Programs.Find("setpriv"), "--reuid=postgres", "--regid=postgres", "--init-groups"]
        : [];

    public static string Program(string name) => Programs.Find(name, Programs.PostgresFolders());

    /// <summary>The template's folder, made if it is not there.</summary>
    public static async Task<string> PrepareAsync()
    {
        string version = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Program("postgres"))!)!);
        string template = Path.Combine(TestFolder.Root, $"postgres-template-{version}");
        using var held = await HoldAsync(template + ".making").ConfigureAwait(false);
        if (Directory.Exists(template))
            return template;

        string making = template + ".new";
        if (Directory.Exists(making))
            Directory.Delete(making, recursive: true);
        Directory.CreateDirectory(making);
        if (AsServerUser.Count > 0)
            await RunAsync([Programs.Find("chown"), "postgres:postgres", making]).ConfigureAwait(false);
        await RunAsync(
        [
            .. AsServerUser, Program("initdb"), "-D", making, "--username=postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        ]).ConfigureAwait(false);
        Directory.Move(making, template);
        return template;
    }

    /// <summary>Copies the template with its owner and permissions.</summary>
    public static Task CopyAsync(string template, string target) =>
        RunAsync([Programs.Find("cp"), "-a", template, target]);

    private static async Task<FileStream> HoldAsync(string path)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (TestFolder.TryHold(path) is { } held)
                return held;
            if (waited.Elapsed > Patience)
                throw new TimeoutException($"{path} is held by another process.");
            await Task.Delay(TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
        }
    }

    private static async Task RunAsync(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]} failed: {error} {await output.ConfigureAwait(false)}");
    }
}

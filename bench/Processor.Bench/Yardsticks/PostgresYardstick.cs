using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Processor.Testing;

namespace Processor.Bench;

/// <summary>A Postgres ledger that locks the account's row, as one SQL function under pgbench: the peer to beat.</summary>
internal static partial class PostgresYardstick
{
    /// <summary>Authorizations a second of the Postgres ledger.</summary>
    public const string Throughput = "Postgres row-lock ledger";

    private const string Group = "Yardstick: Postgres row-lock ledger, one SQL function, pgbench with 32 clients, fsync on";
    private const int Clients = 32;

    public static async Task MeasureAsync(FigureSheet sheet, BenchOptions options)
    {
        await using var postgres = await LocalPostgres.StartOwnAsync(PostgresSettings.All);
        await CreateAsync(postgres.ConnectionString, options.Accounts);
        var folder = Directory.CreateTempSubdirectory("processor-bench-pgbench-");
        try
        {
            var script = Path.Combine(folder.FullName, "authorize.pgbench");
            await File.WriteAllTextAsync(script, Resource("postgres_ledger.pgbench"));
            await RunAsync(postgres.Port, script, options.IsQuick ? 1 : 3, log: null);
            var cpu = ProcessTree.CpuSeconds(postgres.Pid);
            var (output, clientCpu) = await RunAsync(postgres.Port, script, options.YardstickSeconds, Path.Combine(folder.FullName, "log"));
            cpu = ProcessTree.CpuSeconds(postgres.Pid) - cpu;
            var times = new Percentiles(Directory.EnumerateFiles(folder.FullName, "log*").SelectMany(File.ReadLines).Select(Microseconds));
            sheet.Add(Group, Throughput, Rate(output), "authorizations/s", "10,000 accounts, 2 client threads, prepared");
            sheet.Add(Group, "Postgres row-lock ledger, p50", times.At(50), "µs");
            sheet.Add(Group, "Postgres row-lock ledger, p99", times.At(99), "µs");
            sheet.Add(Group, "Postgres row-lock ledger, p99.9", times.At(99.9), "µs");
            sheet.Add(Group, "Postgres row-lock ledger, CPU of Postgres", cpu * 1e6 / times.Count, "µs/authorization");
            sheet.Add(Group, "Postgres row-lock ledger, CPU of pgbench", clientCpu * 1e6 / times.Count, "µs/authorization");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CreateAsync(string connectionString, int accounts)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var create = source.CreateCommand(Resource("postgres_ledger.sql"));
        await create.ExecuteNonQueryAsync();
        await using var fill = source.CreateCommand("insert into account (account_id, available) select id, 10000000000 from generate_series(1, $1) id");
        fill.Parameters.AddWithValue(accounts);
        await fill.ExecuteNonQueryAsync();
        await using var settle = source.CreateCommand("vacuum analyze");
        await settle.ExecuteNonQueryAsync();
    }

    private static async Task<(string Output, double CpuSeconds)> RunAsync(int port, string script, double seconds, string? log)
    {
        string[] logging = log is null ? [] : ["--log", "--log-prefix", log];
        var (exitCode, output, cpu) = await ChildProgram.RunAsync(
            [
                PostgresTemplate.Program("pgbench"),
                "--host", "127.0.0.1",
                "--port", port.ToString(CultureInfo.InvariantCulture),
                "--username", "postgres",
                "--client", Clients.ToString(CultureInfo.InvariantCulture),
                "--jobs", "2",
                "--time", Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture),
                "--protocol", "prepared",
                "--no-vacuum",
                "--file", script,
                .. logging,
                "postgres",
            ],
            TimeSpan.FromSeconds(seconds + 60));
        return exitCode == 0 ? (output, cpu) : throw new InvalidOperationException($"pgbench ended with {exitCode}: {output}");
    }

    private static double Rate(string output) => double.Parse(TransactionRate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);

    // client transaction time_us script epoch_s epoch_us
    private static double Microseconds(string line) => double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);

    private static string Resource(string name)
    {
        using var stream = typeof(PostgresYardstick).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^tps = ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex TransactionRate();
}

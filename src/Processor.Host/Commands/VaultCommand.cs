using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Processor.Records;
using Processor.Security;

namespace Processor.Host;

/// <summary>The words behind <c>vault</c> of the host's program: they change the keys of PANs while hosts run.</summary>
internal static class VaultCommand
{
    internal const string Usage = """
        usage: processor vault status           the keys, and how many PANs are under each
               processor vault rotate           makes a new key for PANs; hosts use it after a minute, and a worker encrypts the others again
               processor vault rotate-master    adds a key to the key file; copy the file to every host, workers wrap the keys of PANs again
               processor vault destroy VERSION  forgets a key of PANs that nothing is under and that has had a successor for an hour

        The exit status is 0 when it was done, 1 when it was refused, 2 when that could not be found out.
        """;

    /// <summary>Runs one command.</summary>
    /// <param name="words">What stands behind <c>vault</c>.</param>
    /// <param name="configuration">Where Postgres and the key file are.</param>
    /// <param name="clock">The time.</param>
    /// <param name="output">Takes what is found.</param>
    /// <param name="error">Takes what went wrong.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit status.</returns>
    internal static async Task<int> RunAsync(
        IReadOnlyList<string> words, IConfiguration configuration, TimeProvider clock, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            var options = ProcessorOptions.Read(configuration);
            if (words is ["rotate-master"])
            {
                var master = VaultKeys.AddVersion(options.KeyFile);
                await output.WriteLineAsync(Text($"The key file has version {master}. Copy it to every host that has another one."));
                return 0;
            }

            await using var database = new RecordsDatabase(new RecordsSettings { Postgres = options.Postgres, ConnectionsMax = 2 });
            using var keys = VaultKeys.LoadOrCreate(options.KeyFile);
            var rows = new VaultKeyQueries(database);
            using var keeper = new VaultKeeper(new PanVault(keys), keys, rows, options, clock, NullLogger<VaultKeeper>.Instance);
            switch (words)
            {
                case [] or ["status"]:
                    return await StatusAsync(rows, clock.GetUtcNow(), output, cancellation);
                case ["rotate"]:
                    return await RotateAsync(keeper, output, cancellation);
                case ["destroy", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var version) && version is > 0 and <= ushort.MaxValue:
                    var isDone = await keeper.DestroyAsync(version, cancellation);
                    await output.WriteLineAsync(isDone
                        ? Text($"Key {version} is destroyed.")
                        : Text($"Key {version} is not destroyed: it is not there, PANs are under it, or it has had no successor for an hour."));
                    return isDone ? 0 : 1;
                default:
                    await error.WriteLineAsync(Usage);
                    return 2;
            }
        }
        catch (Exception problem) when (problem is InvalidOperationException or KeyFileException or CryptographicException or NpgsqlException or TimeoutException)
        {
            await error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    private static async Task<int> RotateAsync(VaultKeeper keeper, TextWriter output, CancellationToken cancellation)
    {
        var version = await keeper.RotateAsync(cancellation);
        await output.WriteLineAsync(version is { } made
            ? Text($"Key {made} is made; hosts encrypt with it in {VaultKeeper.ActivationDelay.TotalSeconds} s.")
            : "Somebody else has made a key at this moment.");
        return version is null ? 1 : 0;
    }

    private static async Task<int> StatusAsync(VaultKeyQueries rows, DateTimeOffset now, TextWriter output, CancellationToken cancellation)
    {
        var counts = (await rows.CountAsync(cancellation)).ToDictionary(count => Convert.ToHexStringLower(count.Prefix), count => count.Cards);
        foreach (var row in await rows.ListAsync(cancellation))
        {
            counts.Remove(string.Create(CultureInfo.InvariantCulture, $"{row.Version:x6}"), out var cards);
            var state = row.DestroyedAt is not null ? "destroyed" : row.ActiveFrom > now ? "coming" : "known";
            await output.WriteLineAsync(Text($"key {row.Version}  {state}  made {row.CreatedAt:yyyy-MM-dd HH:mm}  wrapped with {row.MasterVersion} of the key file  PANs {cards}"));
        }

        await output.WriteLineAsync(Text($"PANs under the key file itself: {counts.Values.Sum()}"));
        return 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

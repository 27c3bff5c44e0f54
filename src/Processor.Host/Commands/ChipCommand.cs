using System.Globalization;
using Npgsql;
using Processor.Cards;
using Processor.Records;

namespace Processor.Host;

/// <summary>The words <c>script …</c> of the host's program: commands for cards' chips, while hosts run.</summary>
internal static class ChipCommand
{
    internal const string Usage = """
        usage: processor script list CARD                            what was ordered for a card's chip, the newest first, and what became of it
               processor script order CARD COMMAND [--template 71]   COMMAND is application_block, application_unblock, card_block, pin_unblock,
                                                                     or put_data TAG VALUE with both in hexadecimal digits
               processor script cancel CARD SCRIPT                   takes an order back that waits

        CARD and SCRIPT are identifiers as the JSON facade writes them. A PIN is changed by POST /v1/cards/{id}/pin.
        The exit status is 0 when it was done, 1 when it was refused, 2 when that could not be found out.
        """;

    private const int ListedMax = 50;
    private const byte FirstTemplate = 0x71;
    private const byte LastTemplate = 0x72;

    /// <summary>Runs one command.</summary>
    /// <param name="words">What stands behind <c>script</c>.</param>
    /// <param name="configuration">Where Postgres is.</param>
    /// <param name="clock">The time.</param>
    /// <param name="output">Takes what is found.</param>
    /// <param name="error">Takes what went wrong.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit status.</returns>
    internal static async Task<int> RunAsync(
        IReadOnlyList<string> words, IConfiguration configuration, TimeProvider clock, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var rest = words.ToList();
        var template = LastTemplate;
        if (rest.IndexOf("--template") is >= 0 and var at && at + 1 < rest.Count && rest[at + 1] is "71" or "72")
        {
            template = rest[at + 1] == "71" ? FirstTemplate : LastTemplate;
            rest.RemoveRange(at, 2);
        }

        try
        {
            var options = ProcessorOptions.Read(configuration);
            await using var database = new RecordsDatabase(new RecordsSettings { Postgres = options.Postgres, ConnectionsMax = 2 });
            var scripts = new ScriptQueries(database);
            switch (rest)
            {
                case ["list", var name] when TryRead(name, out var card):
                    return await ListAsync(scripts, card, output, cancellation);
                case ["order", var name, var command] when TryRead(name, out var card) && CommandOf(command) is { } plain and not ScriptCommand.PutData:
                    return await OrderAsync(database, scripts, card, plain, template, 0, [], clock, output, cancellation);
                case ["order", var name, "put_data", var tag, var value] when TryRead(name, out var card) && TagOf(tag) is { } dataObject && ValueOf(value) is { } data:
                    return await OrderAsync(database, scripts, card, ScriptCommand.PutData, template, dataObject, data, clock, output, cancellation);
                case ["cancel", var name, var order] when TryRead(name, out var card) && TryRead(order, out var script):
                    var isDone = await scripts.CancelAsync(card, script, clock.GetUtcNow(), cancellation);
                    await output.WriteLineAsync(isDone ? "The order is taken back." : "There is no such order that waits.");
                    return isDone ? 0 : 1;
                default:
                    await error.WriteLineAsync(Usage);
                    return 2;
            }
        }
        catch (Exception problem) when (problem is InvalidOperationException or NpgsqlException or TimeoutException)
        {
            await error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    private static async Task<int> ListAsync(ScriptQueries scripts, Ulid card, TextWriter output, CancellationToken cancellation)
    {
        foreach (var script in await scripts.ListOlderAsync(card, before: null, ListedMax, cancellation))
        {
            var value = script.DataObject == 0 ? "" : Text($" {script.DataObject:X4} {Convert.ToHexString(script.Data)}");
            var sent = script.SentAt is { } moment ? Text($"  sent {moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}") : "";
            var told = script.Result is { } result ? Text($"  chip told {result:X2}") : "";
            await output.WriteLineAsync(Text($"scr_{script.Id}  {script.Number}  {script.Command}{value}  {script.State}  ordered {script.OrderedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}{sent}{told}"));
        }

        return 0;
    }

    private static async Task<int> OrderAsync(
        RecordsDatabase database, ScriptQueries scripts, Ulid id, ScriptCommand command, byte template, ushort dataObject, byte[] data, TimeProvider clock, TextWriter output, CancellationToken cancellation)
    {
        if (await new CardQueries(database).FindAsync(id, cancellation) is not { } card)
        {
            await output.WriteLineAsync("There is no such card.");
            return 1;
        }

        var programs = await new ProgramQueries(database).ListAsync(cancellation);
        if (programs.FirstOrDefault(program => program.Number == card.Program) is not { Credentials.IntegrityKey.Length: > 0 })
        {
            await output.WriteLineAsync("The card's program sends no commands to chips: its credentials name no integrity_key.");
            return 1;
        }

        var order = Ulid.Create(clock);
        await scripts.OrderAsync(order, card.Id, command, template, dataObject, data, clock.GetUtcNow(), cancellation);
        await output.WriteLineAsync(Text($"scr_{order} is ordered."));
        return 0;
    }

    // With or without the prefix of the facade.
    private static bool TryRead(string name, out Ulid id) => Ulid.TryParse(name.AsSpan(name.LastIndexOf('_') + 1), out id);

    private static ScriptCommand? CommandOf(string word)
    {
        foreach (var command in Enum.GetValues<ScriptCommand>())
        {
            if (command != ScriptCommand.PinChange && ScriptQueries.WordOf(command) == word)
                return command;
        }

        return null;
    }

    private static ushort? TagOf(string digits) =>
        digits.Length is 2 or 4 && ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag) && tag != 0 ? tag : null;

    private static byte[]? ValueOf(string digits) =>
        digits.Length is > 0 and <= ScriptOrder.DataLengthMax * 2 && digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

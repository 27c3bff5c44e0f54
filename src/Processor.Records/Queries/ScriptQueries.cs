using Processor.Cards;

namespace Processor.Records;

/// <summary>Commands that were ordered for chips.</summary>
public sealed class ScriptQueries(RecordsDatabase database)
{
    private const string OrderSql = """
        insert into card_script (card_id, command, template, data_object, data, ordered_at)
        values (@CardId, @Command, @Template, @DataObject, @Data, @OrderedAt)
        returning number
        """;

    private const string NoteSentSql = """
        update card_script ordered
        set sent_at = @Now
        from card_state state
        where ordered.sent_at is null and state.card_id = ordered.card_id and state.script_number = ordered.number
        """;

    // Of each card what was sent a moment ago, for its repeats; else the first that waits.
    private const string ListSql = """
        select distinct on (ordered.card_id)
            ordered.number, state.account_id, state.ordinal, ordered.command, ordered.template, ordered.data_object, ordered.data
        from card_script ordered
        join card_state state on state.card_id = ordered.card_id
        where ordered.sent_at > @Since or (ordered.sent_at is null and ordered.number >= state.script_number)
        order by ordered.card_id, ordered.sent_at is null, ordered.number
        """;

    /// <summary>Orders a command for a card's chip. Hosts follow within seconds.</summary>
    /// <param name="cardId">The card.</param>
    /// <param name="command">What the chip is to do.</param>
    /// <param name="template">0x71 or 0x72.</param>
    /// <param name="dataObject">As in <see cref="ScriptOrder"/>.</param>
    /// <param name="data">As in <see cref="ScriptOrder"/>.</param>
    /// <param name="now">When it is ordered.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The order's number.</returns>
    public Task<int> OrderAsync(
        Ulid cardId, ScriptCommand command, byte template, ushort dataObject, ReadOnlyMemory<byte> data, DateTimeOffset now, CancellationToken cancellation) =>
        database.FindAsync<int>(
            OrderSql,
            new { CardId = cardId, Command = WordOf(command), Template = (short)template, DataObject = (int)dataObject, Data = data.ToArray(), OrderedAt = now },
            cancellation);

    /// <summary>What hosts may have to put into answers: for each card the order that was sent last, while its repeats may come, or the next that waits.</summary>
    /// <param name="now">Noted as the time of what was sent since the last call.</param>
    /// <param name="repeatWindow">How long a repeat gets the first answer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyList<ScriptOrder>> ListAsync(DateTimeOffset now, TimeSpan repeatWindow, CancellationToken cancellation)
    {
        await database.ExecuteAsync(NoteSentSql, new { Now = now }, cancellation);
        return [.. (await database.ListAsync<ScriptRow>(ListSql, new { Since = now - repeatWindow }, cancellation)).Select(row => row.ToOrder())];
    }

    private static string WordOf(ScriptCommand command) => command switch
    {
        ScriptCommand.ApplicationBlock => "application_block",
        ScriptCommand.ApplicationUnblock => "application_unblock",
        ScriptCommand.CardBlock => "card_block",
        ScriptCommand.PinUnblock => "pin_unblock",
        ScriptCommand.PutData => "put_data",
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "No word for that command."),
    };

    private sealed record ScriptRow
    {
        public int Number { get; init; }

        public Ulid AccountId { get; init; }

        public int Ordinal { get; init; }

        public string Command { get; init; } = "";

        public short Template { get; init; }

        public int DataObject { get; init; }

        public byte[] Data { get; init; } = [];

        internal ScriptOrder ToOrder() => new(
            Number,
            AccountId,
            (ushort)Ordinal,
            Enum.GetValues<ScriptCommand>().Single(command => WordOf(command) == Command),
            (byte)Template,
            (ushort)DataObject,
            Data);
    }
}

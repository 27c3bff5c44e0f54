using Processor.Cards;

namespace Processor.Records;

/// <summary>Commands that were ordered for chips.</summary>
public sealed class ScriptQueries(RecordsDatabase database)
{
    // A new PIN takes the place of one that still waits.
    private const string OrderSql = """
        with replaced as (
            update card_script set cancelled_at = @OrderedAt, data = ''
            where card_id = @CardId and @Command = 'pin_change' and command = 'pin_change' and sent_at is null and cancelled_at is null and id <> @Id)
        insert into card_script (id, card_id, command, template, data_object, data, ordered_at)
        values (@Id, @CardId, @Command, @Template, @DataObject, @Data, @OrderedAt)
        on conflict (id) do nothing
        """;

    // Lower numbers than the one that was sent can never be sent: their orders came too late.
    private const string NoteSql = """
        with sent as (
            update card_script ordered
            set sent_at = @Now
            from card_state state
            where ordered.sent_at is null and state.card_id = ordered.card_id and state.script_number = ordered.number),
        passed as (
            update card_script ordered
            set cancelled_at = @Now, data = case when command = 'pin_change' then '' else data end
            from card_state state
            where ordered.sent_at is null and ordered.cancelled_at is null and state.card_id = ordered.card_id and state.script_number > ordered.number),
        heard as (
            update card_script ordered
            set result = state.script_result, result_at = @Now
            from card_state state
            where ordered.sent_at is not null and ordered.result is null and state.card_id = ordered.card_id and state.script_result_number = ordered.number)
        update card_script
        set data = ''
        where command = 'pin_change' and length(data) > 0 and sent_at < @Since
        """;

    // Of each card what was sent a moment ago, for its repeats; else the first that waits.
    private const string ListSql = """
        select distinct on (ordered.card_id)
            ordered.number, state.account_id, state.ordinal, ordered.command, ordered.template, ordered.data_object, ordered.data
        from card_script ordered
        join card_state state on state.card_id = ordered.card_id
        where (ordered.sent_at > @Since or (ordered.sent_at is null and ordered.cancelled_at is null and ordered.number >= state.script_number))
            and (ordered.command <> 'pin_change' or length(ordered.data) > 0)
        order by ordered.card_id, ordered.sent_at is null, ordered.number
        """;

    // The data of a PIN change is nobody's business.
    private const string Columns = """
        id, number, card_id, command, template, data_object, case when command = 'put_data' then data else '' end as data,
        ordered_at, sent_at, cancelled_at, result, result_at
        """;

    private const string FindSql = $"select {Columns} from card_script where card_id = @cardId and id = @id";

    private const string ListOlderSql = $"""
        select {Columns} from card_script
        where card_id = @cardId and (@bound::uuid is null or number < (select number from card_script where id = @bound))
        order by number desc
        limit @limit
        """;

    private const string ListNewerSql = $"""
        select {Columns} from card_script
        where card_id = @cardId and number > (select number from card_script where id = @bound)
        order by number
        limit @limit
        """;

    private const string CancelSql = """
        update card_script set cancelled_at = @now, data = case when command = 'pin_change' then '' else data end
        where card_id = @cardId and id = @id and sent_at is null and cancelled_at is null
        """;

    /// <summary>Orders a command for a card's chip. Hosts follow within seconds. A new PIN takes the place of one that waits.</summary>
    /// <param name="id">The order's identifier; one that is there already is left as it is.</param>
    /// <param name="cardId">The card.</param>
    /// <param name="command">What the chip is to do.</param>
    /// <param name="template">0x71 or 0x72.</param>
    /// <param name="dataObject">As in <see cref="ScriptOrder"/>.</param>
    /// <param name="data">As in <see cref="ScriptOrder"/>.</param>
    /// <param name="now">When it is ordered.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task OrderAsync(
        Ulid id, Ulid cardId, ScriptCommand command, byte template, ushort dataObject, ReadOnlyMemory<byte> data, DateTimeOffset now, CancellationToken cancellation) =>
        database.ExecuteAsync(
            OrderSql,
            new { Id = id, CardId = cardId, Command = WordOf(command), Template = (short)template, DataObject = (int)dataObject, Data = data.ToArray(), OrderedAt = now },
            cancellation);

    /// <summary>What hosts may have to put into answers: for each card the order that was sent last, while its repeats may come, or the next that waits.</summary>
    /// <param name="now">Noted as the time of what was sent, and of what chips told, since the last call.</param>
    /// <param name="repeatWindow">How long a repeat gets the first answer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyList<ScriptOrder>> ListAsync(DateTimeOffset now, TimeSpan repeatWindow, CancellationToken cancellation)
    {
        await database.ExecuteAsync(NoteSql, new { Now = now, Since = now - repeatWindow }, cancellation);
        return [.. (await database.ListAsync<ScriptRow>(ListSql, new { Since = now - repeatWindow }, cancellation)).Select(row => row.ToOrder())];
    }

    /// <summary>An order of that card, or null.</summary>
    public Task<CardScript?> FindAsync(Ulid cardId, Ulid id, CancellationToken cancellation) =>
        database.FindAsync<CardScript>(FindSql, new { cardId, id }, cancellation);

    /// <summary>Orders of a card, newest first.</summary>
    /// <param name="cardId">The card.</param>
    /// <param name="before">Only those that were ordered before this one; null to begin with the newest.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<CardScript>> ListOlderAsync(Ulid cardId, Ulid? before, int limit, CancellationToken cancellation) =>
        database.ListAsync<CardScript>(ListOlderSql, new { cardId, bound = before?.ToGuid(), limit }, cancellation);

    /// <summary>Orders of a card that were given after one of them, oldest first.</summary>
    public Task<IReadOnlyList<CardScript>> ListNewerAsync(Ulid cardId, Ulid after, int limit, CancellationToken cancellation) =>
        database.ListAsync<CardScript>(ListNewerSql, new { cardId, bound = after.ToGuid(), limit }, cancellation);

    /// <summary>Takes an order back.</summary>
    /// <returns>False when it was seen to be sent, was taken back before, or is not there.</returns>
    public async Task<bool> CancelAsync(Ulid cardId, Ulid id, DateTimeOffset now, CancellationToken cancellation) =>
        await database.ExecuteAsync(CancelSql, new { cardId, id, now }, cancellation) == 1;

    /// <summary>A command in the table's words.</summary>
    public static string WordOf(ScriptCommand command) => command switch
    {
        ScriptCommand.ApplicationBlock => "application_block",
        ScriptCommand.ApplicationUnblock => "application_unblock",
        ScriptCommand.CardBlock => "card_block",
        ScriptCommand.PinUnblock => "pin_unblock",
        ScriptCommand.PutData => "put_data",
        ScriptCommand.PinChange => "pin_change",
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

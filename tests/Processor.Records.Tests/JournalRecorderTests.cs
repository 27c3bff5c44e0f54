using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class JournalRecorderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string RowsSql = "select seq from journal where partition = 0 order by epoch, seq";
    private const string DrainedSql = "select drained_at from journal_position where partition = 0";

    private readonly TestClock clock = new();

    [Fact]
    public async Task Entries_are_recorded_as_they_are_and_leave_the_stream()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        streams.Add(0, [1, 2, 3]);
        streams.Add(0, [4]);
        streams.Add(1, [5]);

        await Recorder(records, streams).StepAsync(CancellationToken.None);

        Assert.Equal([[1, 2, 3], [4], [5]], await records.ListAsync<byte[]>("select payload from journal order by partition, epoch, seq"));
        Assert.Equal((0, 0), (streams.Length(0), streams.Length(1)));
    }

    [Fact]
    public async Task A_recorder_goes_on_where_another_ended()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        streams.Add(0, [1]);
        await StepAsync(Recorder(records, streams));
        streams.Add(0, [2]);

        await StepAsync(Recorder(records, streams));

        Assert.Equal([0L, 1L], await records.ListAsync<long>(RowsSql));
    }

    [Fact]
    public async Task Of_two_recorders_at_one_position_one_records()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        JournalRecorder first = Recorder(records, streams), second = Recorder(records, streams);
        await StepAsync(first);
        await StepAsync(second);
        for (byte item = 0; item < 50; item++)
            streams.Add(0, [item]);

        // Both read before either moves the position.
        using var both = new Barrier(2);
        streams.OnRead = () => both.SignalAndWait(TimeSpan.FromSeconds(30));
        await Task.WhenAll(Task.Run(() => StepAsync(first)), Task.Run(() => StepAsync(second)));

        streams.OnRead = null;
        streams.Add(0, [50]);
        await StepAsync(first);
        await StepAsync(second);
        await StepAsync(first);
        Assert.Equal(Enumerable.Range(0, 51).Select(item => (long)item), await records.ListAsync<long>(RowsSql));
    }

    [Fact]
    public async Task A_partition_that_another_host_has_is_left_to_it()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        using JournalRecorder first = Recorder(records, streams), second = Recorder(records, streams);
        await first.StepAsync(CancellationToken.None);
        streams.Add(0, [1]);

        await second.StepAsync(CancellationToken.None);

        Assert.Empty(await records.ListAsync<long>(RowsSql));
    }

    [Fact]
    public async Task A_recorder_that_ends_leaves_its_partitions_to_the_next()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        var polls = 0;
        var begun = new TaskCompletionSource();
        streams.OnRead = () =>
        {
            if (Interlocked.Increment(ref polls) > 2)
                begun.TrySetResult();
        };
        using JournalRecorder first = Recorder(records, streams, TimeProvider.System), second = Recorder(records, streams);
        await first.StartAsync(CancellationToken.None);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await first.StopAsync(CancellationToken.None);
        streams.Add(1, [1]);

        await second.StepAsync(CancellationToken.None);

        Assert.Equal(1, await records.AskAsync<int>("select count(*)::integer from journal"));
    }

    [Fact]
    public async Task A_stream_that_brings_nothing_more_is_noted_as_drained_at_the_time_before_it_was_read()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        var recorder = Recorder(records, streams);
        await StepAsync(recorder);
        Assert.Null(await records.AskAsync<DateTime?>(DrainedSql));
        streams.Add(0, [1]);
        await StepAsync(recorder);
        var readAt = clock.Now += TimeSpan.FromMinutes(1);
        streams.OnRead = () => clock.Now += TimeSpan.FromMinutes(1);

        await StepAsync(recorder);

        Assert.Equal(readAt.UtcDateTime, await records.AskAsync<DateTime?>(DrainedSql));
    }

    [Fact]
    public async Task A_read_that_may_have_left_something_behind_notes_nothing()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        for (byte item = 0; item < 5; item++)
            streams.Add(0, [item]);
        var recorder = Recorder(records, streams, settings: records.Settings with { EntriesMax = 5 });

        Assert.True(await StepAsync(recorder));

        Assert.Null(await records.AskAsync<DateTime?>(DrainedSql));
        Assert.False(await StepAsync(recorder));
        Assert.NotNull(await records.AskAsync<DateTime?>(DrainedSql));
    }

    [Fact]
    public async Task A_gap_stops_its_partition_alone()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        streams.Add(0, [1]);
        await StepAsync(Recorder(records, streams));
        streams.Add(0, new JournalId(1, 2), [2]);
        streams.Add(1, [3]);

        using var recorder = Recorder(records, streams);
        await recorder.StepAsync(CancellationToken.None);
        await recorder.StepAsync(CancellationToken.None);

        Assert.Equal([0L], await records.ListAsync<long>(RowsSql));
        Assert.Equal(1, streams.Length(0));
        Assert.Equal(1, await records.AskAsync<int>("select count(*)::integer from journal where partition = 1"));
    }

    [Fact]
    public async Task A_stream_that_ends_before_what_was_recorded_stops_its_partition()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        for (byte item = 0; item < 3; item++)
            streams.Add(0, [item]);
        var running = Recorder(records, streams);
        await StepAsync(running);
        streams.Rewind(0, new JournalId(1, 0));

        await StepAsync(running);
        streams.Add(0, [7]);
        streams.Add(0, [8]);
        streams.Add(0, [9]);
        await StepAsync(running);
        streams.Rewind(0, new JournalId(1, 0));
        await StepAsync(Recorder(records, streams));

        Assert.Equal([0L, 1L, 2L], await records.ListAsync<long>(RowsSql));
    }

    [Fact]
    public async Task An_epoch_that_was_rebuilt_meanwhile_is_not_ended_for_what_the_one_before_it_lacked()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        streams.Add(0, [1]);
        await StepAsync(Recorder(records, streams));
        streams.Rewind(0, JournalId.Zero);
        streams.OnEnd = async () =>
        {
            streams.Add(0, new JournalId(2, 0), []);
            await records.DoAsync("update ledger_partition set epoch = 2 where partition = 0; update journal_position set epoch = 2, seq = 0 where partition = 0");
        };

        await StepAsync(Recorder(records, streams));

        Assert.Equal((2L, (short)0), await records.AskAsync<(long, short)>("select epoch, state from ledger_partition where partition = 0"));
    }

    [Fact]
    public async Task An_epoch_begins_anew()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        streams.Add(0, [1]);
        streams.Add(0, new JournalId(2, 0), [2]);

        await StepAsync(Recorder(records, streams));

        Assert.Equal(2, await records.AskAsync<int>("select count(*)::integer from journal"));
    }

    [Fact]
    public async Task What_cannot_be_trimmed_now_is_trimmed_later()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        var recorder = Recorder(records, streams);
        await StepAsync(recorder);
        streams.Add(0, [1]);
        streams.OnRead = () => streams.IsDown = true;

        await StepAsync(recorder);

        Assert.Equal([0L], await records.ListAsync<long>(RowsSql));
        Assert.Equal(1, streams.Length(0));
        (streams.OnRead, streams.IsDown) = (null, false);
        await StepAsync(recorder);
        Assert.Equal(0, streams.Length(0));
    }

    [Fact]
    public async Task A_recorder_survives_the_death_of_postgres()
    {
        await using var server = await LocalPostgres.StartOwnAsync();
        await using var records = await Records.CreateAsync(await server.CreateDatabaseAsync());
        await new LedgerRegistry(records.Database).JoinAsync(2, CancellationToken.None);
        var streams = new StreamsInMemory(2);
        using var recorder = Recorder(records, streams);
        streams.Add(0, [1]);
        await recorder.StepAsync(CancellationToken.None);

        var readAt = clock.Now;
        server.Kill();
        streams.Add(0, [2]);
        clock.Now += TimeSpan.FromMinutes(1);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => recorder.StepAsync(CancellationToken.None));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => recorder.StepAsync(CancellationToken.None));

        // How far it is behind is told while Postgres is away: nobody else does the work meanwhile.
        Assert.Equal(readAt, records.Metrics.RecordedThrough[0]);
        await server.RestartAsync();
        while (streams.Length(0) > 0)
        {
            try
            {
                await recorder.StepAsync(CancellationToken.None);
            }
            catch (NpgsqlException problem)
            {
                // A connection of the pool that died with the server: the next step opens another.
                Assert.NotNull(problem);
            }
        }

        Assert.Equal([0L, 1L], await records.ListAsync<long>(RowsSql));
        Assert.Equal(clock.Now, records.Metrics.RecordedThrough[0]);
    }

    [Fact]
    public async Task A_recorder_tells_no_lag_of_what_another_has_or_after_it_stopped()
    {
        await using var records = await JoinedAsync();
        var streams = new StreamsInMemory(2);
        streams.Add(0, [1]);
        using JournalRecorder first = Recorder(records, streams), second = Recorder(records, streams, TimeProvider.System);
        await first.StepAsync(CancellationToken.None);
        Assert.NotEmpty(records.Metrics.RecordedThrough);

        await records.DoAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
        var taken = new TaskCompletionSource();
        streams.OnRead = () => taken.TrySetResult();
        await second.StartAsync(CancellationToken.None);
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => first.StepAsync(CancellationToken.None));
        await second.StopAsync(CancellationToken.None);

        Assert.Empty(records.Metrics.RecordedThrough);
    }

    private static Task<bool> StepAsync(JournalRecorder recorder) => recorder.StepAsync(0, CancellationToken.None);

    private async Task<Records> JoinedAsync()
    {
        var records = await Records.CreateAsync(postgres);
        await new LedgerRegistry(records.Database).JoinAsync(2, CancellationToken.None);
        return records;
    }

    private JournalRecorder Recorder(Records records, IJournal streams, TimeProvider? time = null, RecordsSettings? settings = null) =>
        new(streams, records.Database, settings ?? records.Settings, records.Metrics, time ?? clock, NullLogger<JournalRecorder>.Instance);
}

using System.Buffers.Binary;
using System.Globalization;

namespace Processor.Ledger;

/// <content>Whether what Redis has is what was committed: the epoch, the run of Redis that may be written to, and what is kept in case it is not.</content>
internal sealed partial class Partition<TDecide>
{
    private volatile Admission? admission;
    private long newEpoch;
    private long known;

    /// <summary>Asks the keeper to look at once.</summary>
    internal Action Ask { get; set; } = () => { };

    /// <summary>Bytes of the partition's journal in Redis, as the keeper last measured them.</summary>
    internal long JournalBytes { get; private set; }

    /// <summary>True while the journal in Redis is within its bound. It grows when Postgres is away.</summary>
    internal bool HasRoom => JournalBytes < context.Settings.JournalBytesMax;

    /// <summary>True while the partition has no valid epoch: everything is answered as unavailable.</summary>
    internal bool IsStopped { get; private set; }

    /// <summary>True when the epoch has ended for all hosts: what is not known of a call then never will be.</summary>
    internal bool IsEnded { get; private set; }

    /// <summary>Why the lane thinks that Redis is not what it was; null while it does not.</summary>
    internal string? DoubtReason { get; private set; }

    /// <summary>The run of Redis that may be written to, and whose accounts may be told of; empty while there is none.</summary>
    internal string Run => admission?.Run ?? "";

    /// <summary>True while there is one.</summary>
    internal bool IsAdmitted => admission is not null;

    /// <summary>The highest number of a batch of this host that surely ran.</summary>
    internal long Known
    {
        get => Volatile.Read(ref known);
        private set => Volatile.Write(ref known, value);
    }

    /// <summary>What this host committed and Postgres may not have yet.</summary>
    internal RetainedJournal Retained { get; } = new();

    /// <summary>The id of the newest entry that this host has written.</summary>
    internal JournalId LastEntry { get; private set; }

    /// <summary>The epoch for whose rebuilding this host has handed in what it had.</summary>
    internal long HandedInFor { get; set; }

    /// <summary>True when nothing of this partition is under way on this host.</summary>
    /// <remarks>What is under way goes from the inbox into a turn, outside, and back, so whoever looks at one place after the other looks
    /// at the first ones again.</remarks>
    internal bool IsIdle => !HasWork && !IsInTurn && Outside == 0 && !HasWork && !IsInTurn;

    /// <summary>The epoch in which this host last said that it found in Redis all that it knows of.</summary>
    internal long ConfirmedFor { get; set; }

    internal bool HasNewEpoch => Volatile.Read(ref newEpoch) != 0;

    /// <summary>Takes what the journal was measured to be, and tells operators when half of the bound is reached.</summary>
    internal void Measured(long journalBytes)
    {
        var half = context.Settings.JournalBytesMax / 2;
        if (journalBytes >= half && JournalBytes < half)
            LedgerLog.JournalHalfFull(context.Log, Number, journalBytes, context.Settings.JournalBytesMax);
        JournalBytes = journalBytes;
    }

    internal void Stop(string found)
    {
        if (!IsStopped)
            LedgerLog.Stopped(context.Log, Number, found, Epoch);
        IsStopped = true;
    }

    /// <summary>Stops because the epoch has ended for all hosts.</summary>
    internal void End(string found)
    {
        Stop(found);
        IsEnded = true;
    }

    /// <summary>Stops because Redis is not what it was, which all hosts are to hear.</summary>
    internal void Suspect(string reason)
    {
        Stop(reason);
        DoubtReason ??= reason;
    }

    /// <summary>Stops for good, after a turn that did not come to its end: what it had may be committed or not, and is not told.</summary>
    internal void Abandon(string found)
    {
        Stop(found);
        taken.Clear();
        batch.Clear();
        redo.Clear();
        Volatile.Write(ref isInTurn, false);
    }

    /// <summary>Lets this host write to a run of Redis, and read from it.</summary>
    internal void Admit(Admission run) => admission = run;

    /// <summary>Keeps this host from both until a run is admitted.</summary>
    internal void Withdraw() => admission = null;

    /// <summary>Goes on in a new epoch, from the lane's next turn on.</summary>
    internal void Resume(long validEpoch)
    {
        Volatile.Write(ref newEpoch, validEpoch);
        Wake();
    }

    private void Doubt(string reason)
    {
        Suspect(reason);
        Ask();
    }

    /// <summary>Everything that was kept of the old epoch goes: the rebuilt partition has it.</summary>
    private void BeginNewEpoch()
    {
        if (!HasNewEpoch)
            return;
        Epoch = Volatile.Read(ref newEpoch);
        near.Clear();
        inbox.TryPutBack(undecided);
        undecided.Clear();
        Retained.Clear();
        Known = 0;
        LastEntry = default;
        DoubtReason = null;
        IsEnded = false;
        IsStopped = false;
        Volatile.Write(ref newEpoch, 0);
        LedgerLog.Resumed(context.Log, Number, Epoch);
    }

    /// <summary>Keeps what the script has just put into the journal: the sections of all accounts that did not conflict.</summary>
    private void Retain(in CommitReply reply)
    {
        if (!context.IsRetaining || reply.Entry.Length == 0)
            return;
        LastEntry = JournalId.Parse(reply.Entry);
        if (reply.Kind == CommitReplyKind.Committed)
        {
            Retained.Add(LastEntry, call.Sections);
            return;
        }

        var conflicting = ConflictsOf(in reply);
        using var kept = new MemoryStream(call.Sections.Length);
        var rest = call.Sections;
        for (var index = 0; !rest.IsEmpty; index++)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest);
            if (!conflicting.Contains(index))
                kept.Write(rest[..length]);
            rest = rest[length..];
        }

        Retained.Add(LastEntry, kept.GetBuffer().AsSpan(0, (int)kept.Length));
    }

    private static HashSet<int> ConflictsOf(in CommitReply reply)
    {
        if (reply.Kind == CommitReplyKind.ConflictTold)
            return [.. reply.Detail.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        var conflicting = new HashSet<int>();
        for (var index = 2; index + 1 < reply.Parts!.Length; index += 2)
            conflicting.Add(int.Parse((string)reply.Parts[index]!, CultureInfo.InvariantCulture));
        return conflicting;
    }
}

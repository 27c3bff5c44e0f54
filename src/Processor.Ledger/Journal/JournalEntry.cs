namespace Processor.Ledger;

/// <summary>One entry of a partition's stream: what one script call committed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Payload">To be read with <see cref="JournalReader"/>. Whoever handed it out owns it; it is good until the entry is recorded.</param>
public readonly record struct JournalEntry(JournalId Id, ReadOnlyMemory<byte> Payload);

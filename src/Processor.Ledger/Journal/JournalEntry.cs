namespace Processor.Ledger;

/// <summary>One entry of a partition's stream: what one script call committed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Payload">To be read with <see cref="JournalReader"/>.</param>
public readonly record struct JournalEntry(JournalId Id, byte[] Payload);

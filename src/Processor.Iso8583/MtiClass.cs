namespace Processor.Iso8583;

/// <summary>The second digit of a message type indicator.</summary>
public enum MtiClass : byte
{
    Reserved = 0,
    Authorization = 1,
    Financial = 2,
    FileAction = 3,
    Reversal = 4,
    Reconciliation = 5,
    Administrative = 6,
    FeeCollection = 7,
    NetworkManagement = 8,
}

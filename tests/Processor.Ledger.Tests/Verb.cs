namespace Processor.Ledger.Tests;

internal enum Verb
{
    Open,
    Hold,
    Post,
    Release,
    Undo,
    Throw,
}

namespace Processor.Ledger;

/// <summary>A connection that has answers in its output buffer.</summary>
public interface IFlushable
{
    /// <summary>Sends what was written. Called once for each batch that wrote to the connection; must not block or throw.</summary>
    void Flush();
}

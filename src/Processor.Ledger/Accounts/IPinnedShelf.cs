namespace Processor.Ledger;

/// <summary>A part of a <see cref="PinnedStock{T}"/> that has become half empty.</summary>
internal interface IPinnedShelf
{
    /// <summary>Makes arrays until it is full. Throws nothing.</summary>
    void Fill();
}

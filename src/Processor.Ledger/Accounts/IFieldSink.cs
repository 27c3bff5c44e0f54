namespace Processor.Ledger;

/// <summary>Takes changed fields of an aggregate, one after the other.</summary>
internal interface IFieldSink
{
    /// <summary>One field. The spans are good until the call returns; an empty value means that the field is removed.</summary>
    void Put(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value);
}

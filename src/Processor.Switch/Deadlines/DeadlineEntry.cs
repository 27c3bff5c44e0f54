namespace Processor.Switch;

/// <summary>A place in the wheel; belongs to one owner, and is used again and again.</summary>
internal sealed class DeadlineEntry(IExpirable owner)
{
    /// <summary>No bucket.</summary>
    internal const int Nowhere = -1;

    private int bucket = Nowhere;

    internal IExpirable Owner { get; } = owner;

    /// <summary>The bucket it lies in, or <see cref="Nowhere"/>; changes under that bucket's lock.</summary>
    internal int Bucket
    {
        get => Volatile.Read(ref bucket);
        set => Volatile.Write(ref bucket, value);
    }

    internal DeadlineEntry? Previous { get; set; }

    internal DeadlineEntry? Next { get; set; }
}

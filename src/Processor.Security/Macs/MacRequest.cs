namespace Processor.Security;

/// <summary>A message and how its code is made.</summary>
public readonly struct MacRequest
{
    /// <summary>Of a MAC usage that goes with the algorithm.</summary>
    public required KeyRef Key { get; init; }

    /// <summary>How.</summary>
    public required MacAlgorithm Algorithm { get; init; }

    /// <summary>For ISO 9797-1.</summary>
    public MacPadding Padding { get; init; }

    /// <summary>All bytes that the code covers: for DE 64 and DE 128 from the MTI to what stands before the code.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "MacRequest ****";
}

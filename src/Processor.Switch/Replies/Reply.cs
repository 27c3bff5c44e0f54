namespace Processor.Switch;

/// <summary>What an answer carries beyond what it repeats.</summary>
/// <param name="code">DE 39.</param>
internal readonly ref struct Reply(ResponseCode code)
{
    /// <summary>An amount that is echoed as it came.</summary>
    internal const long AsAsked = -1;

    internal ResponseCode Code { get; } = code;

    /// <summary>DE 4 in minor units, or <see cref="AsAsked"/>.</summary>
    internal long Amount { get; init; } = AsAsked;

    /// <summary>DE 6 in minor units, or <see cref="AsAsked"/>.</summary>
    internal long BillingAmount { get; init; } = AsAsked;

    /// <summary>DE 38; empty for none.</summary>
    internal ReadOnlySpan<byte> ApprovalCode { get; init; }

    /// <summary>DE 54, entries of 20 characters; empty for none.</summary>
    internal ReadOnlySpan<byte> AdditionalAmounts { get; init; }

    /// <summary>DE 55, what the chip is told; empty for nothing.</summary>
    internal ReadOnlySpan<byte> IssuerData { get; init; }
}

namespace Processor.Records;

/// <summary>A wrapped key that encrypts PANs.</summary>
public sealed record VaultKeyRow
{
    /// <summary>1 to 65535.</summary>
    public required int Version { get; init; }

    /// <summary>The version of the key file that it is wrapped with.</summary>
    public required short MasterVersion { get; init; }

    /// <summary>The wrapped key; null when it was destroyed.</summary>
    public byte[]? Wrapped { get; init; }

    /// <summary>From when on new PANs are encrypted under it.</summary>
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was destroyed; null while it is there.</summary>
    public DateTimeOffset? DestroyedAt { get; init; }
}

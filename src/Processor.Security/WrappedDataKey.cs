namespace Processor.Security;

/// <summary>A key that encrypts PANs, itself encrypted under a key of the key file, as the database keeps it.</summary>
/// <param name="Version">1 to 65535; each PAN's cipher names the version that it is under.</param>
/// <param name="MasterVersion">The key of the key file that it is wrapped with, 1 to 255.</param>
/// <param name="Wrapped">What <see cref="PanVault.WrapNewDataKey"/> made. Worth nothing without the key file.</param>
/// <param name="ActiveFrom">From when on new PANs are encrypted under it, in UTC. All hosts know it by then.</param>
public sealed record WrappedDataKey(int Version, short MasterVersion, byte[] Wrapped, DateTimeOffset ActiveFrom);

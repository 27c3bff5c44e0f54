using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The officers' side of the software module: keys in and out, and their states.</summary>
internal sealed class SoftwareKeyCustody(KeyRing ring, KeyStoreFile? store, SoftwareHsmOptions options) : IKeyCustody
{
    private const int KeyLengthMax = 64;

    public ValueTask<KeyResult> GetKeyAsync(KeyRef key, CancellationToken cancellationToken) =>
        new(ring.TryGet(key, out var entry) ? new KeyResult(HsmStatus.Ok, entry.Info) : new KeyResult(HsmStatus.KeyNotFound));

    public ValueTask<KeyResult> GenerateKeyAsync(KeyTemplate wanted, CancellationToken cancellationToken)
    {
        if (wanted.Bits is < 128 or > KeyLengthMax * 8)
            return new(new KeyResult(HsmStatus.InvalidInput));
        Span<byte> key = stackalloc byte[KeyLengthMax];
        key = key[..(wanted.Bits / 8)];
        do
        {
            RandomNumberGenerator.Fill(key);
            if (wanted.Algorithm == KeyAlgorithm.TripleDes)
                Parity.Adjust(key);
        }
        while (wanted.Algorithm == KeyAlgorithm.TripleDes && HasEqualParts(key));
        return new(Add(wanted, key));
    }

    public ValueTask<KeyResult> ImportComponentsAsync(
        KeyTemplate wanted, IReadOnlyList<KeyComponent> components, string checkValue, CancellationToken cancellationToken)
    {
        if (components.Count == 0 || components[0].Bytes.Length is not (16 or 24 or 32))
            return new(new KeyResult(HsmStatus.InvalidInput));
        Span<byte> key = stackalloc byte[KeyLengthMax];
        key = key[..components[0].Bytes.Length];
        var status = KeyComponents.Join(components, wanted.Algorithm, checkValue, key);
        return new(status == HsmStatus.Ok ? Add(wanted with { Bits = key.Length * 8 }, key) : new KeyResult(status));
    }

    public ValueTask<KeyResult> ImportKeyBlockAsync(
        string id, KeyRef protection, ReadOnlyMemory<byte> block, string checkValue, CancellationToken cancellationToken)
    {
        var status = Protector(protection, KeyMode.DecryptOnly, out var outer);
        if (status != HsmStatus.Ok)
            return new(new KeyResult(status));
        Span<byte> key = stackalloc byte[KeyLengthMax];
        var fault = KeyBlock.Unwrap(outer.Bytes, block.Span, out var header, key, out var length);
        if (fault != KeyBlockFault.None)
            return new(new KeyResult(fault == KeyBlockFault.Mac ? HsmStatus.KeyBlockAuthFailed : HsmStatus.InvalidInput));
        key = key[..length];
        var wanted = new KeyTemplate(id, header.Usage, header.Algorithm, header.Mode, header.Exportability, length * 8);
        var result = header.Version is 'A' or 'C' && !options.ImportsOldKeyBlocks ? new KeyResult(HsmStatus.PolicyDenied)
            : checkValue.Length > 0 && !KeyComponents.Matches(header.Algorithm, key, checkValue) ? new KeyResult(HsmStatus.KcvMismatch)
            : Add(wanted, key);
        CryptographicOperations.ZeroMemory(key);
        return new(result);
    }

    public ValueTask<KeyResult> ImportCryptogramAsync(
        KeyTemplate wanted, KeyRef protection, ReadOnlyMemory<byte> cryptogram, string checkValue, CancellationToken cancellationToken)
    {
        var status = Protector(protection, KeyMode.DecryptOnly, out var outer);
        if (status == HsmStatus.Ok && (outer.Info.Algorithm != KeyAlgorithm.TripleDes || wanted.Algorithm != KeyAlgorithm.TripleDes))
            status = HsmStatus.KeyUsageDenied;
        if (status == HsmStatus.Ok && cryptogram.Length is not (16 or 24))
            status = HsmStatus.InvalidInput;
        if (status != HsmStatus.Ok)
            return new(new KeyResult(status));
        Span<byte> key = stackalloc byte[cryptogram.Length];
        cryptogram.Span.CopyTo(key);
        Modes.DecryptEcb(ref outer.Des, key);
        var result = !KeyComponents.Matches(KeyAlgorithm.TripleDes, key, checkValue) ? new KeyResult(HsmStatus.KcvMismatch)
            : !Parity.IsOdd(key) ? new KeyResult(HsmStatus.WeakOrBadParityKey)
            : Add(wanted with { Bits = key.Length * 8 }, key);
        CryptographicOperations.ZeroMemory(key);
        return new(result);
    }

    public ValueTask<KeyBlockResult> ExportKeyAsync(KeyRef key, KeyRef protection, CancellationToken cancellationToken)
    {
        if (!ring.TryGet(key, out var entry))
            return new(new KeyBlockResult(HsmStatus.KeyNotFound));
        var status = Protector(protection, KeyMode.EncryptOnly, out var outer);
        if (status == HsmStatus.Ok)
            status = ExportStatus(entry.Info, outer.Info);
        if (status != HsmStatus.Ok)
            return new(new KeyBlockResult(status));
        var info = entry.Info;
        var version = outer.Info.Algorithm == KeyAlgorithm.Aes ? 'D' : 'B';
        var header = System.Text.Encoding.ASCII.GetBytes(KeyBlockHeader.Text(version, info.Usage, info.Algorithm, info.Mode, info.Exportability));
        Span<byte> filling = stackalloc byte[KeyBlock.FillingLength(version, info.Algorithm, entry.Bytes.Length)];
        RandomNumberGenerator.Fill(filling);
        var fault = KeyBlock.Wrap(outer.Bytes, header, entry.Bytes, filling, out var block);
        return new(fault == KeyBlockFault.None ? new KeyBlockResult(HsmStatus.Ok, block) : new KeyBlockResult(HsmStatus.InvalidInput));
    }

    public ValueTask<KeyResult> ActivateKeyAsync(KeyRef key, CancellationToken cancellationToken) =>
        new(Move(key, state => state is KeyState.Pending or KeyState.Active, KeyState.Active));

    public ValueTask<KeyResult> RetireKeyAsync(KeyRef key, CancellationToken cancellationToken) =>
        new(Move(key, state => state != KeyState.Destroyed, KeyState.Retired));

    public ValueTask<KeyResult> DestroyKeyAsync(KeyRef key, CancellationToken cancellationToken) =>
        new(Move(key, state => state is KeyState.Pending or KeyState.Retired or KeyState.Destroyed, KeyState.Destroyed));

    private static bool HasEqualParts(ReadOnlySpan<byte> key) =>
        key[..8].SequenceEqual(key[8..16]) || (key.Length == 24 && key[8..16].SequenceEqual(key[16..]));

    private static HsmStatus ExportStatus(KeyInfo info, KeyInfo outer)
    {
        if (info.Exportability == KeyExportability.NonExportable)
            return HsmStatus.PolicyDenied;
        if (info.State is not (KeyState.Pending or KeyState.Active))
            return HsmStatus.KeyInactive;

        // No key travels under a weaker one: DES keys of any length are weaker than AES.
        return outer.Algorithm == KeyAlgorithm.Aes ? (info.Algorithm == KeyAlgorithm.Aes && info.Bits > outer.Bits ? HsmStatus.PolicyDenied : HsmStatus.Ok)
            : info.Algorithm == KeyAlgorithm.TripleDes && info.Bits <= outer.Bits ? HsmStatus.Ok
            : HsmStatus.PolicyDenied;
    }

    private HsmStatus Protector(KeyRef key, KeyMode direction, out KeyEntry entry)
    {
        if (!ring.TryGet(key, out entry))
            return HsmStatus.KeyNotFound;
        var info = entry.Info;
        if (info.Usage is not (KeyUsage.KeyEncryption or KeyUsage.KeyBlockProtection) || (info.Mode is not (KeyMode.Both or KeyMode.NoRestriction) && info.Mode != direction))
            return HsmStatus.KeyUsageDenied;
        return KeyRules.Allows(info, makesNew: direction == KeyMode.EncryptOnly);
    }

    private KeyResult Add(KeyTemplate wanted, Span<byte> key)
    {
        try
        {
            if (!KeyRules.IsName(wanted.Id) || !KeyRules.IsSound(wanted.Usage, wanted.Algorithm, wanted.Mode, wanted.Exportability, wanted.Bits))
                return new(HsmStatus.InvalidInput);
            if (wanted.Algorithm == KeyAlgorithm.TripleDes && !Parity.IsOdd(key))
                Parity.Adjust(key);
            var checkValue = KeyCheckValue.Text(wanted.Algorithm, key);
            var copy = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
            key.CopyTo(copy);
            var entry = ring.Add(
                version => new KeyEntry(
                    new KeyInfo(new(wanted.Id, version), wanted.Usage, wanted.Algorithm, wanted.Mode, wanted.Exportability, KeyState.Pending, copy.Length * 8, checkValue),
                    copy),
                wanted.Id);
            CryptographicOperations.ZeroMemory(copy);
            return entry is null ? new(HsmStatus.Throttled) : Keep(entry.Info);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private KeyResult Move(KeyRef key, Predicate<KeyState> isFrom, KeyState target)
    {
        if (!ring.TryGet(key, out var entry))
            return new(HsmStatus.KeyNotFound);
        var status = ring.Change(all =>
        {
            if (!isFrom(entry.Info.State))
                return HsmStatus.KeyInactive;
            if (target == KeyState.Active && entry.Info.State != KeyState.Active)
                Follow(all, entry.Info.Key.Id);
            if (target == KeyState.Destroyed)
                entry.Dispose();
            if (entry.Info.State < target)
                entry.Become(target);
            return HsmStatus.Ok;
        });
        return status == HsmStatus.Ok ? Keep(entry.Info) : new(status, entry.Info);
    }

    private static void Follow(IEnumerable<KeyEntry> all, string id)
    {
        foreach (var other in all.Where(other => other.Info.Key.Id == id))
        {
            if (other.Info.State == KeyState.Retiring)
                other.Become(KeyState.Retired);
            else if (other.Info.State == KeyState.Active)
                other.Become(KeyState.Retiring);
        }
    }

    // A key that could not be written is used until the process ends; the officer hears that it is not kept.
    private KeyResult Keep(KeyInfo info)
    {
        try
        {
            store?.Write(ring.All);
            return new(HsmStatus.Ok, info);
        }
        catch (IOException)
        {
            return new(HsmStatus.DeviceFault, info);
        }
    }
}

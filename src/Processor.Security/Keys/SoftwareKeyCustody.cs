using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The officers' side of the software module: keys in and out, and their states.</summary>
internal sealed class SoftwareKeyCustody(KeyStore store, SoftwareHsmOptions options) : IKeyCustody
{
    private const int KeyLengthMax = 64;

    public ValueTask<KeyResult> GetKeyAsync(KeyRef key, CancellationToken cancellationToken) =>
        new(store.Ring.TryGet(key, out var entry) ? new KeyResult(HsmStatus.Ok, entry.Info) : new KeyResult(HsmStatus.KeyNotFound));

    public ValueTask<IReadOnlyList<KeyInfo>> ListKeysAsync(CancellationToken cancellationToken) =>
        new([.. store.Ring.All.Select(entry => entry.Info).OrderBy(info => info.Key.Id, StringComparer.Ordinal).ThenBy(info => info.Key.Version)]);

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
        return AddAsync(wanted, key, cancellationToken);
    }

    public ValueTask<KeyResult> ImportComponentsAsync(
        KeyTemplate wanted, IReadOnlyList<KeyComponent> components, string checkValue, CancellationToken cancellationToken)
    {
        if (components.Count == 0 || components[0].Bytes.Length is not (16 or 24 or 32))
            return new(new KeyResult(HsmStatus.InvalidInput));
        Span<byte> key = stackalloc byte[KeyLengthMax];
        key = key[..components[0].Bytes.Length];
        var status = KeyComponents.Join(components, wanted.Algorithm, checkValue, key);
        return status == HsmStatus.Ok ? AddAsync(wanted with { Bits = key.Length * 8 }, key, cancellationToken) : new(new KeyResult(status));
    }

    public ValueTask<KeyResult> ImportKeyBlockAsync(
        string id, KeyRef protection, ReadOnlyMemory<byte> block, string checkValue, CancellationToken cancellationToken)
    {
        var status = Protector(protection, KeyMode.DecryptOnly, out var outer);
        if (status == HsmStatus.Ok && !ProtectsVersion(outer.Info, block.Span))
            status = HsmStatus.KeyUsageDenied;
        if (status != HsmStatus.Ok)
            return new(new KeyResult(status));
        Span<byte> key = stackalloc byte[KeyLengthMax];
        var fault = KeyBlock.Unwrap(outer.Bytes, block.Span, out var header, key, out var length);
        if (fault != KeyBlockFault.None)
            return new(new KeyResult(fault == KeyBlockFault.Mac ? HsmStatus.KeyBlockAuthFailed : HsmStatus.InvalidInput));
        key = key[..length];
        var wanted = new KeyTemplate(id, header.Usage, header.Algorithm, header.Mode, header.Exportability, length * 8);
        status = header.Version is 'A' or 'C' && !options.ImportsOldKeyBlocks ? HsmStatus.PolicyDenied
            : checkValue.Length > 0 && !KeyComponents.Matches(header.Algorithm, key, checkValue) ? HsmStatus.KcvMismatch
            : HsmStatus.Ok;
        if (status == HsmStatus.Ok)
            return AddAsync(wanted, key, cancellationToken);
        CryptographicOperations.ZeroMemory(key);
        return new(new KeyResult(status));
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
        status = !KeyComponents.Matches(KeyAlgorithm.TripleDes, key, checkValue) ? HsmStatus.KcvMismatch
            : !Parity.IsOdd(key) ? HsmStatus.WeakOrBadParityKey
            : HsmStatus.Ok;
        if (status == HsmStatus.Ok)
            return AddAsync(wanted with { Bits = key.Length * 8 }, key, cancellationToken);
        CryptographicOperations.ZeroMemory(key);
        return new(new KeyResult(status));
    }

    public ValueTask<KeyBlockResult> ExportKeyAsync(KeyRef key, KeyRef protection, CancellationToken cancellationToken)
    {
        if (!store.Ring.TryGet(key, out var entry))
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
        MoveAsync(key, state => state is KeyState.Pending or KeyState.Active, KeyState.Active, cancellationToken);

    public ValueTask<KeyResult> RetireKeyAsync(KeyRef key, CancellationToken cancellationToken) =>
        MoveAsync(key, state => state != KeyState.Destroyed, KeyState.Retired, cancellationToken);

    public ValueTask<KeyResult> DestroyKeyAsync(KeyRef key, CancellationToken cancellationToken) =>
        MoveAsync(key, state => state is KeyState.Pending or KeyState.Retired or KeyState.Destroyed, KeyState.Destroyed, cancellationToken);

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

    // Version D is under AES, the others under DES: no key is used with two algorithms. What is no block at all is told by its reader.
    private static bool ProtectsVersion(KeyInfo outer, ReadOnlySpan<byte> block) =>
        block.IsEmpty || outer.Algorithm == (block[0] == (byte)'D' ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes);

    private HsmStatus Protector(KeyRef key, KeyMode direction, out KeyEntry entry)
    {
        if (!store.Ring.TryGet(key, out entry))
            return HsmStatus.KeyNotFound;
        var info = entry.Info;
        if (info.Usage is not (KeyUsage.KeyEncryption or KeyUsage.KeyBlockProtection) || (info.Mode is not (KeyMode.Both or KeyMode.NoRestriction) && info.Mode != direction))
            return HsmStatus.KeyUsageDenied;
        return KeyRules.Allows(info, makesNew: direction == KeyMode.EncryptOnly);
    }

    /// <summary>Adds a key as the next version of its name, and clears it where it was.</summary>
    private ValueTask<KeyResult> AddAsync(KeyTemplate wanted, Span<byte> key, CancellationToken cancellation)
    {
        try
        {
            if (!KeyRules.IsName(wanted.Id) || !KeyRules.IsSound(wanted.Usage, wanted.Algorithm, wanted.Mode, wanted.Exportability, wanted.Bits))
                return new(new KeyResult(HsmStatus.InvalidInput));
            if (wanted.Algorithm == KeyAlgorithm.TripleDes && !Parity.IsOdd(key))
                Parity.Adjust(key);
            var info = new KeyInfo(
                new(wanted.Id), wanted.Usage, wanted.Algorithm, wanted.Mode, wanted.Exportability, KeyState.Pending, key.Length * 8, KeyCheckValue.Text(wanted.Algorithm, key));
            return KeepAsync(new KeyEntry(info, key), cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private async ValueTask<KeyResult> KeepAsync(KeyEntry fresh, CancellationToken cancellation)
    {
        var isKept = false;
        try
        {
            var result = await store.ChangeAsync(all => Append(all, fresh), cancellation);
            isKept = result.Status == HsmStatus.Ok;
            return result;
        }
        finally
        {
            if (!isKept)
                fresh.Dispose();
        }
    }

    private static KeyChange Append(KeyEntry[] all, KeyEntry fresh)
    {
        var id = fresh.Info.Key.Id;
        var last = all.Where(entry => entry.Info.Key.Id == id).Select(entry => entry.Info.Key.Version).DefaultIfEmpty().Max();
        if (all.Length >= KeyRing.KeysMax || last == ushort.MaxValue)
            return new(HsmStatus.Throttled);
        var entry = fresh.As(fresh.Info with { Key = new(id, (ushort)(last + 1)) });
        return new(HsmStatus.Ok, entry.Info, [.. all, entry]);
    }

    private ValueTask<KeyResult> MoveAsync(KeyRef key, Predicate<KeyState> isFrom, KeyState target, CancellationToken cancellation) => store.ChangeAsync(
        all =>
        {
            var entry = all.SingleOrDefault(entry => key.Version == 0 ? entry.Info.Key.Id == key.Id && entry.Info.State == KeyState.Active : entry.Info.Key == key);
            if (entry is null)
                return new(HsmStatus.KeyNotFound);
            if (!isFrom(entry.Info.State))
                return new(HsmStatus.KeyInactive, entry.Info);
            if (entry.Info.State >= target)
                return new(HsmStatus.Ok, entry.Info);
            var moved = entry.As(entry.Info with { State = target });
            return new(HsmStatus.Ok, moved.Info, [.. all.Select(other => other == entry ? moved : target == KeyState.Active ? Follow(other, moved, all) : other)]);
        },
        cancellation);

    /// <summary>What becomes of the other versions when one becomes active.</summary>
    private static KeyEntry Follow(KeyEntry other, KeyEntry active, KeyEntry[] all)
    {
        if (other.Info.Key.Id != active.Info.Key.Id || other.Info.State is not (KeyState.Active or KeyState.Retiring))
            return other;

        // Two hosts that are sent the same key at the same moment take it twice: what was in flight before is still in flight.
        var isAgain = all.Any(entry => entry.Info.Key.Id == active.Info.Key.Id && entry.Info.State == KeyState.Active && entry.HasSameKey(active));
        var isStillOpening = (other.Info.State == KeyState.Retiring) == isAgain;
        return other.As(other.Info with { State = isStillOpening ? KeyState.Retiring : KeyState.Retired });
    }
}

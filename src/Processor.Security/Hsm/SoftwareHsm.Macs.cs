using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Security;

/// <content>Codes of messages.</content>
public sealed partial class SoftwareHsm
{
    private const int MacLengthMin = 4;
    private const int MacLengthMax = HMACSHA256.HashSizeInBytes;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyMacAsync(in MacRequest request, ReadOnlyMemory<byte> mac, CancellationToken cancellationToken)
    {
        var status = VerifyByName(request, mac.Span);

        // Another host may have taken a new key for the link a moment ago.
        return new(status == HsmStatus.VerificationFailed && store.RefreshSoon() ? VerifyByName(request, mac.Span) : status);
    }

    /// <inheritdoc/>
    public ValueTask<HsmStatus> GenerateMacAsync(in MacRequest request, Memory<byte> target, CancellationToken cancellationToken)
    {
        Span<byte> code = stackalloc byte[MacLengthMax];
        var status = FindMacKey(request, makesNew: true, out var entry);
        if (status != HsmStatus.Ok)
            return new(status);
        var length = ComputeMac(request, entry, code);
        if (target.Length < MacLengthMin || target.Length > length)
            return new(HsmStatus.InvalidInput);
        code[..target.Length].CopyTo(target.Span);
        return new(HsmStatus.Ok);
    }

    private HsmStatus VerifyByName(in MacRequest request, ReadOnlySpan<byte> mac)
    {
        Span<byte> code = stackalloc byte[MacLengthMax];
        var status = FindMacKey(request, makesNew: false, out var entry);
        if (status != HsmStatus.Ok)
            return status;
        var length = ComputeMac(request, entry, code);
        if (mac.Length < MacLengthMin || mac.Length > length)
            return HsmStatus.InvalidInput;
        var isRight = CryptographicOperations.FixedTimeEquals(code[..mac.Length], mac);
        if (!isRight && ring.TryGetRetiring(request.Key, out var previous))
        {
            ComputeMac(request, previous, code);
            isRight = CryptographicOperations.FixedTimeEquals(code[..mac.Length], mac);
        }

        return isRight ? HsmStatus.Ok : HsmStatus.VerificationFailed;
    }

    private HsmStatus FindMacKey(in MacRequest request, bool makesNew, out KeyEntry entry)
    {
        var isIso = request.Algorithm is MacAlgorithm.Iso9797Alg1 or MacAlgorithm.Iso9797Alg3;
        entry = null!;
        if (isIso && request.Padding is MacPadding.None or > MacPadding.Method3)
            return HsmStatus.InvalidInput;
        var status = request.Algorithm switch
        {
            MacAlgorithm.Iso9797Alg1 => Find(request.Key, KeyUsage.Iso9797Mac1, makesNew, out entry),
            MacAlgorithm.Iso9797Alg3 => Find(request.Key, KeyUsage.Iso9797Mac3, makesNew, out entry),
            MacAlgorithm.Cmac => Find(request.Key, KeyUsage.Cmac, makesNew, out entry),
            MacAlgorithm.HmacSha256 => Find(request.Key, KeyUsage.Hmac, makesNew, out entry),
            _ => HsmStatus.UnsupportedProfile,
        };
        if (status == HsmStatus.KeyUsageDenied && request.Algorithm == MacAlgorithm.Iso9797Alg1)
            status = Find(request.Key, KeyUsage.Iso16609Mac, makesNew, out entry);
        return status;
    }

    private static int ComputeMac(in MacRequest request, KeyEntry entry, Span<byte> code)
    {
        var data = request.Data.Span;
        switch (request.Algorithm)
        {
            case MacAlgorithm.Iso9797Alg1:
                BinaryPrimitives.WriteUInt64BigEndian(code, RetailMac.Algorithm1(ref entry.Des, data, request.Padding));
                return 8;
            case MacAlgorithm.Iso9797Alg3:
                BinaryPrimitives.WriteUInt64BigEndian(code, RetailMac.Algorithm3(ref entry.Des, data, request.Padding));
                return 8;
            case MacAlgorithm.Cmac when entry.Info.Algorithm == KeyAlgorithm.Aes:
                var key = new AesKey(entry.Bytes);
                Cmac.Compute(ref key, data, code);
                key.Clear();
                return 16;
            case MacAlgorithm.Cmac:
                Cmac.Compute(ref entry.Des, data, code);
                return 8;
            default:
                return HMACSHA256.HashData(entry.Bytes, data, code);
        }
    }
}

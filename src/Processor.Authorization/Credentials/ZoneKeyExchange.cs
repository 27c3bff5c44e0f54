using System.Buffers;
using System.Text;
using Processor.Security;

namespace Processor.Authorization;

/// <summary>Takes a new key for a link from the network, under the zone master key that both have. The key before it still opens what is in
/// flight.</summary>
/// <param name="custody">The module's side of keys; null where keys cannot be taken from here, and then each is refused.</param>
public sealed class ZoneKeyExchange(IKeyCustody? custody)
{
    // check value(6) key block, or 32 or 48 hexadecimal digits of a DES key as it is encrypted under the zone master key
    private const int CheckLength = 6;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>Takes a PIN key and uses it from now on. The same key again changes nothing.</summary>
    /// <param name="id">The link's key.</param>
    /// <param name="zoneMaster">The key that it comes under.</param>
    /// <param name="text">Check value and key, ASCII; the caller clears it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<ZoneKeyResult> TakePinKeyAsync(string id, string zoneMaster, ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        await TakeAsync(id, zoneMaster, text, cancellationToken) switch
        {
            HsmStatus.Ok => ZoneKeyResult.Taken,
            HsmStatus.PolicyDenied => ZoneKeyResult.NotTaken,
            HsmStatus.Throttled or HsmStatus.Timeout or HsmStatus.Unavailable or HsmStatus.DeviceFault => ZoneKeyResult.Unavailable,
            _ => ZoneKeyResult.Unusable,
        };

    private async ValueTask<HsmStatus> TakeAsync(string id, string zoneMaster, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (custody is null || id.Length == 0 || zoneMaster.Length == 0)
            return HsmStatus.PolicyDenied;
        if (text.Length <= CheckLength || !IsHex(text.Span[..CheckLength]))
            return HsmStatus.InvalidInput;
        var checkValue = Encoding.ASCII.GetString(text.Span[..CheckLength]);
        var active = await custody.GetKeyAsync(new(id), cancellationToken);
        if (active.Key is { } known && known.CheckValue.StartsWith(checkValue, StringComparison.OrdinalIgnoreCase))
            return HsmStatus.Ok;
        var taken = await ImportAsync(custody, id, new(zoneMaster), text[CheckLength..], checkValue, cancellationToken);
        if (taken.Key is not { } key || taken.Status != HsmStatus.Ok)
            return taken.Status;
        if (key.Usage != KeyUsage.PinEncryption)
        {
            await custody.DestroyKeyAsync(key.Key, cancellationToken);
            return HsmStatus.KeyUsageDenied;
        }

        return (await custody.ActivateKeyAsync(key.Key, cancellationToken)).Status;
    }

    private static ValueTask<KeyResult> ImportAsync(
        IKeyCustody custody, string id, KeyRef zoneMaster, ReadOnlyMemory<byte> key, string checkValue, CancellationToken cancellationToken)
    {
        if (key.Length is not (32 or 48) || !IsHex(key.Span))
            return custody.ImportKeyBlockAsync(id, zoneMaster, key, checkValue, cancellationToken);
        var template = new KeyTemplate(id, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, Bits: key.Length * 4);
        return custody.ImportCryptogramAsync(template, zoneMaster, Convert.FromHexString(Encoding.ASCII.GetString(key.Span)), checkValue, cancellationToken);
    }

    private static bool IsHex(ReadOnlySpan<byte> ascii) => !ascii.ContainsAnyExcept(HexDigits);
}

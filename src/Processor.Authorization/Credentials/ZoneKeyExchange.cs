using System.Buffers;
using System.Text;
using Processor.Security;

namespace Processor.Authorization;

/// <summary>Takes a new key for a link from the network, under the zone master key that both have. The key before it still opens and
/// checks what is in flight.</summary>
/// <param name="custody">The module's side of keys; null where keys cannot be taken from here, and then each is refused.</param>
public sealed class ZoneKeyExchange(IKeyCustody? custody)
{
    // check value(6) key block, or 32 or 48 hexadecimal digits of a DES key as it is encrypted under the zone master key
    private const int CheckLength = 6;
    private const int UsagePosition = 5;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>Takes a key and uses it from now on. The same key again changes nothing.</summary>
    /// <param name="link">The link's keys.</param>
    /// <param name="told">What the message says that the key is for.</param>
    /// <param name="text">Check value and key, ASCII; the caller clears it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<ZoneKeyResult> TakeAsync(LinkKeys link, ZoneKeyKind told, ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        await TakeStatusAsync(link, told, text, cancellationToken) switch
        {
            HsmStatus.Ok => ZoneKeyResult.Taken,
            HsmStatus.PolicyDenied => ZoneKeyResult.NotTaken,
            HsmStatus.Throttled or HsmStatus.Timeout or HsmStatus.Unavailable or HsmStatus.DeviceFault => ZoneKeyResult.Unavailable,
            _ => ZoneKeyResult.Unusable,
        };

    private async ValueTask<HsmStatus> TakeStatusAsync(LinkKeys link, ZoneKeyKind told, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (custody is null || link.ZoneMaster.Length == 0)
            return HsmStatus.PolicyDenied;
        if (text.Length <= CheckLength || !IsHex(text.Span[..CheckLength]))
            return HsmStatus.InvalidInput;
        var checkValue = Encoding.ASCII.GetString(text.Span[..CheckLength]);
        var key = text[CheckLength..];
        var isBlock = key.Length is not (32 or 48) || !IsHex(key.Span);
        var kind = told == ZoneKeyKind.Unknown ? KindOf(isBlock, key.Span) : told;
        var id = kind == ZoneKeyKind.Mac ? link.Mac?.Key.Id ?? "" : link.Pin;
        if (id.Length == 0)
            return HsmStatus.PolicyDenied;
        var active = await custody.GetKeyAsync(new(id), cancellationToken);
        if (active.Key is { } known && known.CheckValue.StartsWith(checkValue, StringComparison.OrdinalIgnoreCase))
            return HsmStatus.Ok;
        var template = kind == ZoneKeyKind.Mac
            ? new KeyTemplate(id, link.Mac!.Usage, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify, Bits: key.Length * 4)
            : new KeyTemplate(id, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, Bits: key.Length * 4);
        var taken = isBlock
            ? await custody.ImportKeyBlockAsync(id, new(link.ZoneMaster), key, checkValue, cancellationToken)
            : await custody.ImportCryptogramAsync(template, new(link.ZoneMaster), Convert.FromHexString(Encoding.ASCII.GetString(key.Span)), checkValue, cancellationToken);
        if (taken.Key is not { } fresh || taken.Status != HsmStatus.Ok)
            return taken.Status;
        if (!IsFor(kind, fresh, template.Usage))
        {
            await custody.DestroyKeyAsync(fresh.Key, cancellationToken);
            return HsmStatus.KeyUsageDenied;
        }

        return (await custody.ActivateKeyAsync(fresh.Key, cancellationToken)).Status;
    }

    // A key block's header: version(1) length(4) usage(2) ...; usages of codes begin with M.
    private static ZoneKeyKind KindOf(bool isBlock, ReadOnlySpan<byte> key) =>
        isBlock && key.Length > UsagePosition && key[UsagePosition] == (byte)'M' ? ZoneKeyKind.Mac : ZoneKeyKind.Pin;

    // A key that could only check codes would leave every answer without one.
    private static bool IsFor(ZoneKeyKind kind, KeyInfo key, KeyUsage usage) =>
        key.Usage == usage && (kind != ZoneKeyKind.Mac || key.Mode is KeyMode.GenerateAndVerify or KeyMode.NoRestriction);

    private static bool IsHex(ReadOnlySpan<byte> ascii) => !ascii.ContainsAnyExcept(HexDigits);
}

using System.Security.Cryptography;
using Processor.Authorization;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>Hands the credentials of a message over: CVV2, tracks, PIN block, chip data. What is read here leaves no trace.</summary>
internal static class CredentialElements
{
    private const int TextLengthMax = 104;
    private const int IccLengthMax = 999;
    private const int PanSequenceNumberTag = 0x5F34;
    private const int ScriptResultsTag = 0x9F5B;

    // DE 53: security format(2) algorithm(2) PIN block format(2) key index(2) ...
    private const int FormatPosition = 4;
    private const int ControlLengthMax = 48;

    /// <summary>How the card came into the terminal: the first two digits of DE 22.</summary>
    internal static CardEntry EntryOf(in MessageView view)
    {
        Span<byte> mode = stackalloc byte[16];
        if (!view.TryGetText(22, mode, out var length) || length < 2)
            return CardEntry.Unknown;
        return ((char)mode[0], (char)mode[1]) switch
        {
            ('0', '1') or ('8', '1') => CardEntry.Manual,
            ('0', '2') or ('8', '0') or ('9', '0') => CardEntry.Stripe,
            ('0', '5') or ('9', '5') => CardEntry.Chip,
            ('0', '7') => CardEntry.Contactless,
            ('9', '1') => CardEntry.ContactlessStripe,
            ('1', '0') => CardEntry.Stored,
            _ => CardEntry.Unknown,
        };
    }

    /// <summary>Fills in what came.</summary>
    /// <param name="view">The message.</param>
    /// <param name="endpoint">Where it came in.</param>
    /// <param name="presented">Has the PAN alone so far.</param>
    /// <returns>False when there is nothing to check.</returns>
    internal static bool Read(in MessageView view, Endpoint endpoint, PresentedCredentials presented)
    {
        Span<byte> text = stackalloc byte[TextLengthMax];
        if (VerificationValue.TryGet(in view, text, out var length))
            presented.SetVerificationValue(text[..length]);
        if (view.TryGetText(35, text, out length))
            presented.SetTrack2(text[..length]);
        else if (view.TryGetText(45, text, out length))
            presented.SetTrack1(text[..length]);
        if (view.Has(52))
        {
            view.TryGetBinary(52, text, out length);
            presented.SetPin(text[..length], PinFormatOf(in view, endpoint), endpoint.PinKey);
        }

        if (view.Has(55))
            ReadIcc(in view, presented);
        CryptographicOperations.ZeroMemory(text);
        if (!presented.HasAny)
            return false;
        if (view.TryGetNumber(23, out var number) && number <= 99)
            presented.SequenceNumber = (int)number;
        return true;
    }

    private static void ReadIcc(in MessageView view, PresentedCredentials presented)
    {
        Span<byte> icc = stackalloc byte[IccLengthMax];
        view.TryGetBinary(55, icc, out var length);
        presented.SetIcc(icc[..length]);
        icc.Clear();
        if (view.TryGetTag(55, PanSequenceNumberTag, out var part) && part.TryGetNumber(out var number) && number <= 99)
            presented.SequenceNumber = (int)number;
        if (view.TryGetTag(55, ScriptResultsTag, out part))
            presented.SetScriptResults(part.Raw);
    }

    /// <summary>The format that DE 53 names, where it is one that is known; else the endpoint's.</summary>
    private static int PinFormatOf(in MessageView view, Endpoint endpoint)
    {
        Span<byte> control = stackalloc byte[ControlLengthMax];
        if (!view.TryGetDigits(53, control, out var length) || length < FormatPosition + 2 || control[FormatPosition] != '0')
            return endpoint.PinFormat;
        return control[FormatPosition + 1] switch
        {
            (byte)'1' => 0,
            (byte)'3' => 3,
            (byte)'4' => 4,
            _ => endpoint.PinFormat,
        };
    }
}

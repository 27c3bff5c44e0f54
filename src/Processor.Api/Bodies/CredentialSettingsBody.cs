using System.Globalization;
using Processor.Cards;

namespace Processor.Api;

/// <summary>Which credentials a program checks and how: names of keys, which say nothing of the keys. Null where it is not checked.</summary>
internal sealed record CredentialSettingsBody
{
    public required string? ValueKey { get; init; }

    public required string? TrackKey { get; init; }

    public required string? CryptogramKey { get; init; }

    public required IReadOnlyDictionary<string, string> CryptogramKeys { get; init; }

    public required string? IntegrityKey { get; init; }

    public required string? PinKey { get; init; }

    public required string PinMethod { get; init; }

    public required string? PinEntryKey { get; init; }

    public required bool DemandsPinAtIssuance { get; init; }

    public required string? ConfidentialityKey { get; init; }

    public required string? ChipPinKey { get; init; }

    public required int PinTriesMax { get; init; }

    public required string ChipScheme { get; init; }

    public required string ChipKeyOption { get; init; }

    public required string ChipSession { get; init; }

    public required int CounterGapMax { get; init; }

    public required string? ServiceCode { get; init; }

    internal static CredentialSettingsBody Of(CredentialProfile profile) => new()
    {
        ValueKey = NameOf(profile.ValueKey),
        TrackKey = NameOf(profile.TrackKey),
        CryptogramKey = NameOf(profile.CryptogramKey),
        CryptogramKeys = profile.CryptogramKeys.ToDictionary(pair => pair.Key.ToString(CultureInfo.InvariantCulture), pair => pair.Value),
        IntegrityKey = NameOf(profile.IntegrityKey),
        PinKey = NameOf(profile.PinKey),
        PinMethod = profile.PinMethod,
        PinEntryKey = NameOf(profile.PinEntryKey),
        DemandsPinAtIssuance = profile.DemandsPinAtIssuance,
        ConfidentialityKey = NameOf(profile.ConfidentialityKey),
        ChipPinKey = NameOf(profile.ChipPinKey),
        PinTriesMax = profile.PinTriesMax,
        ChipScheme = profile.ChipScheme,
        ChipKeyOption = profile.ChipKeyOption,
        ChipSession = profile.ChipSession,
        CounterGapMax = profile.CounterGapMax,
        ServiceCode = profile.ServiceCode == 0 ? null : profile.ServiceCode.ToString("D3", CultureInfo.InvariantCulture),
    };

    private static string? NameOf(string key) => key.Length == 0 ? null : key;
}

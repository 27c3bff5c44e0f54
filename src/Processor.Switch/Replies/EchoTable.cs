using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Processor.Authorization;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>A file of <c>specs/echo</c>, compiled: which elements a message must bring, and which its answer repeats.</summary>
public sealed class EchoTable
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = false,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    // The row of a request's MTI, by its second digit and its third halved: xx0x and xx2x alone are answered.
    private readonly EchoRule?[] rules = new EchoRule?[16 * 2];
    private readonly Dictionary<int, NetworkManagementAction> actions = [];
    private readonly Dictionary<int, ZoneKeyKind> keyTypes = [];

    private EchoTable(EchoFile file, string source)
    {
        Others = Compile(file, file.Others, [], [], [], $"{source}: others");
        foreach (var row in file.Messages)
        {
            var key = $"{source}: {row.Request}";
            var request = Mti.Parse(row.Request);
            if (request.Version != 0 || request.Origin != 0 || !(request.IsRequest || request.IsAdvice))
                throw new SwitchSettingsException(key, "a row is of a request or an advice of version 0 that is no repeat.");
            if (request.ToResponse() != Mti.Parse(row.Response))
                throw new SwitchSettingsException(key, $"{row.Response} is not its response.");
            ref var rule = ref rules[IndexOf(request)];
            if (rule is not null)
                throw new SwitchSettingsException(key, "two rows.");
            rule = Compile(file, new(row.Echoes, row.Sets), row.Mandatory, row.MandatoryUnlessInquiry ?? [], row.OneOf ?? [], key);
        }

        SignOffCode = file.NetworkManagement.SignOff is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : null;
        Add(file.NetworkManagement.SignOn, NetworkManagementAction.SignOn);
        Add(file.NetworkManagement.SignOff, NetworkManagementAction.SignOff);
        Add(file.NetworkManagement.Echo, NetworkManagementAction.Echo);
        Add(file.NetworkManagement.PinKey ?? [], NetworkManagementAction.PinKey);
        Add(file.NetworkManagement.MacKey ?? [], NetworkManagementAction.MacKey);
        Add(file.NetworkManagement.KeyTypes?.Pin ?? [], ZoneKeyKind.Pin);
        Add(file.NetworkManagement.KeyTypes?.Mac ?? [], ZoneKeyKind.Mac);
    }

    internal EchoRule Others { get; }

    /// <summary>DE 70 of a sign-off that this side sends; null when the table has none.</summary>
    internal int? SignOffCode { get; }

    /// <summary>Reads one of the tables that ship beside the program.</summary>
    /// <exception cref="SwitchSettingsException">There is none of that name, or it is wrong.</exception>
    public static EchoTable LoadNamed(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "specs", "echo", name + ".json");
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SwitchSettingsException(path, exception.Message, exception);
        }
    }

    /// <summary>Reads a table from UTF-8 JSON.</summary>
    /// <exception cref="SwitchSettingsException">It is wrong; the message names the row.</exception>
    public static EchoTable Parse(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            return new(JsonSerializer.Deserialize<EchoFile>(json, Options) ?? throw new JsonException("Empty."), source);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new SwitchSettingsException(source, exception.Message, exception);
        }
    }

    /// <summary>The row of a request or advice, <see cref="Others"/> when it has none of its own.</summary>
    internal EchoRule RuleOf(Mti mti) =>
        mti.Version == 0 && (mti.IsRequest || mti.IsAdvice) && mti.Origin <= 1 && rules[IndexOf(mti)] is { } rule ? rule : Others;

    /// <summary>What a DE 70 asks for.</summary>
    internal NetworkManagementAction ActionOf(int code) => actions.GetValueOrDefault(code);

    /// <summary>What the first two digits of DE 53 say that a key is for; unknown when the table has no such type.</summary>
    internal ZoneKeyKind KeyKindOf(int type) => keyTypes.GetValueOrDefault(type);

    private static int IndexOf(Mti mti) => ((int)mti.Class * 2) + (mti.IsAdvice ? 1 : 0);

    private static EchoRule Compile(EchoFile file, EchoElements elements, int[] mandatory, int[] unlessInquiry, int[][] oneOf, string key)
    {
        int[][] all = [elements.Echoes, elements.Sets, mandatory, unlessInquiry, file.Never, .. oneOf];
        foreach (var element in all.SelectMany(list => list))
        {
            if (element is < 2 or > 128)
                throw new SwitchSettingsException(key, $"{element} is not within 2 and 128.");
        }

        if (oneOf.Any(group => group.Length == 0))
            throw new SwitchSettingsException(key, "a group of oneOf is empty.");
        var leaked = elements.Echoes.Intersect(file.Never).ToList();
        if (leaked.Count > 0)
            throw new SwitchSettingsException(key, $"DE {leaked[0]} is one that never comes back.");
        if (!elements.Sets.Contains(39))
            throw new SwitchSettingsException(key, "an answer has DE 39.");
        return new(mandatory, unlessInquiry, oneOf, ElementSet.Of(elements.Echoes), ElementSet.Of(elements.Sets));
    }

    private void Add(string[] codes, NetworkManagementAction action)
    {
        foreach (var code in codes)
        {
            if (code.Length != 3 || !actions.TryAdd(int.Parse(code, NumberStyles.None, CultureInfo.InvariantCulture), action))
                throw new FormatException($"networkManagement: {code} is not three digits, or stands there twice.");
        }
    }

    private void Add(string[] types, ZoneKeyKind kind)
    {
        foreach (var type in types)
        {
            if (type.Length != 2 || !keyTypes.TryAdd(int.Parse(type, NumberStyles.None, CultureInfo.InvariantCulture), kind))
                throw new FormatException($"networkManagement.keyTypes: {type} is not two digits, or stands there twice.");
        }
    }

    private sealed record EchoFile(
        string Name, string Description, int[] Never, EchoCodes NetworkManagement, EchoRow[] Messages, EchoElements Others);

    private sealed record EchoCodes(string[] SignOn, string[] SignOff, string[] Echo, string[]? PinKey = null, string[]? MacKey = null, EchoKeyTypes? KeyTypes = null);

    private sealed record EchoKeyTypes(string[] Pin, string[] Mac);

    private sealed record EchoElements(int[] Echoes, int[] Sets);

    private sealed record EchoRow(
        string Request, string Response, int[] Mandatory, int[] Echoes, int[] Sets, int[]? MandatoryUnlessInquiry = null, int[][]? OneOf = null);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Processor.Authorization;
using Processor.Cards;

namespace Processor.Switch;

/// <summary>A file of <c>specs/response-codes</c>, compiled: what the acquirer hears for each of our reasons.</summary>
public sealed class ResponseCodeTable
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private readonly ResponseCode[] codes;
    private readonly ResponseCode[] approvals;

    private ResponseCodeTable(ResponseCodeFile file, string source)
    {
        Name = file.Name;
        Approved = ResponseCode.Parse(file.Approved);
        ApprovedInPart = ResponseCode.Parse(file.ApprovedInPart);
        Verified = ResponseCode.Parse(file.Verified);
        Accepted = ResponseCode.Parse(file.Accepted);
        UnknownOriginal = ResponseCode.Parse(file.UnknownOriginal);
        Unsupported = ResponseCode.Parse(file.Unsupported);
        NotSignedOn = ResponseCode.Parse(file.NotSignedOn);
        MacInvalid = ResponseCode.Parse(file.MacInvalid);
        approvals = [.. file.Approvals.Select(ResponseCode.Parse)];

        var reasons = Enum.GetValues<DeclineReason>().Where(reason => reason != DeclineReason.None).ToArray();
        codes = new ResponseCode[(int)reasons.Max() + 1];
        foreach (var reason in reasons)
        {
            if (!file.Reasons.Remove(DeclineReasons.CodeOf(reason), out var code))
                throw new SwitchSettingsException(source, $"{DeclineReasons.CodeOf(reason)} has no code.");
            codes[(int)reason] = ResponseCode.Parse(code);
        }

        if (file.Reasons.Count > 0)
            throw new SwitchSettingsException(source, $"{file.Reasons.Keys.First()} is no decline reason.");
    }

    /// <summary>As in the file.</summary>
    public string Name { get; }

    internal ResponseCode Approved { get; }

    internal ResponseCode ApprovedInPart { get; }

    internal ResponseCode Verified { get; }

    internal ResponseCode Accepted { get; }

    internal ResponseCode UnknownOriginal { get; }

    internal ResponseCode Unsupported { get; }

    internal ResponseCode NotSignedOn { get; }

    internal ResponseCode MacInvalid { get; }

    /// <summary>Reads one of the tables that ship beside the program.</summary>
    /// <exception cref="SwitchSettingsException">There is none of that name, or it is wrong.</exception>
    public static ResponseCodeTable LoadNamed(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "specs", "response-codes", name + ".json");
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
    /// <exception cref="SwitchSettingsException">It is wrong, or a reason is missing.</exception>
    public static ResponseCodeTable Parse(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            return new(JsonSerializer.Deserialize<ResponseCodeFile>(json, Options) ?? throw new JsonException("Empty."), source);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new SwitchSettingsException(source, exception.Message, exception);
        }
    }

    /// <summary>DE 39 of an answer.</summary>
    /// <param name="kind">What it says.</param>
    /// <param name="reason">Why it is declined, where it is.</param>
    /// <param name="verifiedIsApproved">True where a good verification is told as an approval.</param>
    public string TextOf(AnswerKind kind, DeclineReason reason, bool verifiedIsApproved) => CodeOf(kind, reason, verifiedIsApproved).ToString();

    /// <summary>DE 39 of an answer.</summary>
    internal ResponseCode CodeOf(AnswerKind kind, DeclineReason reason, bool verifiedIsApproved) => kind switch
    {
        AnswerKind.Approved => Approved,
        AnswerKind.Partial => ApprovedInPart,
        AnswerKind.Verified => verifiedIsApproved ? Approved : Verified,
        AnswerKind.Accepted => Accepted,
        AnswerKind.UnknownOriginal => UnknownOriginal,
        _ => this[reason],
    };

    /// <summary>True when DE 39 of an advice says that its request was approved.</summary>
    internal bool IsApproval(ResponseCode code) => approvals.AsSpan().Contains(code);

    /// <summary>The code of a reason.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none that declines.</exception>
    internal ResponseCode this[DeclineReason reason]
    {
        get
        {
            var code = (uint)reason < (uint)codes.Length ? codes[(int)reason] : default;
            return code != default ? code : throw new ArgumentOutOfRangeException(nameof(reason), reason, "No response code.");
        }
    }

    private sealed record ResponseCodeFile(
        string Name,
        string Description,
        string Approved,
        string ApprovedInPart,
        string Verified,
        string Accepted,
        string UnknownOriginal,
        string Unsupported,
        string NotSignedOn,
        string MacInvalid,
        string[] Approvals,
        Dictionary<string, string> Reasons);
}

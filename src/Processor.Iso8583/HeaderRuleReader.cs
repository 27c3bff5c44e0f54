using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Processor.Iso8583;

/// <summary>Reads the header or the trailer of a dialect file.</summary>
internal sealed class HeaderRuleReader(DialectJson json)
{
    private const int BytesMax = 255;

    private static readonly string[] Keys = ["name", "bytes", "encoding", "role", "adjust", "value", "note"];

    /// <summary>What stands under the key; null when it is absent or has no parts.</summary>
    public HeaderRule? Read(JsonElement root, string key)
    {
        if (!DialectJson.Has(root, key))
            return null;
        var parts = ImmutableArray.CreateBuilder<HeaderPart>();
        int offset = 0;
        foreach (var item in json.Array(root, key, "").EnumerateArray())
        {
            if (parts.Count > 0 && parts[^1].Bytes == 0)
                throw json.Wrong("", key, "has a part behind the one that takes the rest");
            var part = ReadPart(item, key, offset);
            offset += part.Bytes;
            parts.Add(part);
        }

        if (parts.Count == 0)
            return null;
        bool isVariable = parts.Any(part => part.Role == HeaderRole.HeaderLength);
        if (parts[^1].Bytes == 0 && !isVariable)
            throw json.Wrong("", key, "has a part without bytes, but none with the role header-length");
        if (parts.GroupBy(part => part.Role).FirstOrDefault(group => group.Key != HeaderRole.Echo && group.Count() > 1) is { } twice)
            throw json.Wrong("", key, $"has the role of {twice.First().Name} twice");
        var source = parts.FirstOrDefault(part => part.Role == HeaderRole.Source);
        var destination = parts.FirstOrDefault(part => part.Role == HeaderRole.Destination);
        if (source?.Bytes != destination?.Bytes)
            throw json.Wrong("", key, "needs a source and a destination of the same length, or neither");
        return new HeaderRule(parts.ToImmutable());
    }

    private HeaderPart ReadPart(JsonElement item, string key, int offset)
    {
        string place = key + ": ";
        json.CheckKeys(item, Keys, place);
        string name = json.Text(item, "name", place);
        place = $"{key} {name}: ";
        int bytes = json.Number(item, "bytes", place, absent: 0, 1, BytesMax);
        var encoding = json.Word(item, "encoding", place, DialectWords.HeaderEncodings);
        var role = json.Word(item, "role", place, DialectWords.HeaderRoles, HeaderRole.Echo);
        int adjust = json.Number(item, "adjust", place, absent: 0, -BytesMax, BytesMax);
        if (bytes == 0 && role != HeaderRole.Echo)
            throw json.Wrong(place, "bytes", "is missing");
        bool isLength = role is HeaderRole.FrameLength or HeaderRole.HeaderLength;
        if (isLength && bytes > (encoding == ContentEncoding.Binary ? 4 : 9))
            throw json.Wrong(place, "bytes", "is more than a length has");
        return new HeaderPart(name, offset, bytes, encoding, role, adjust, ReadValue(item, place, bytes));
    }

    private ImmutableArray<byte> ReadValue(JsonElement item, string place, int bytes)
    {
        byte[] value = new byte[bytes];
        if (!DialectJson.Has(item, "value"))
            return [.. value];
        byte[] hex = Encoding.Latin1.GetBytes(json.Text(item, "value", place));
        return hex.Length == 2 * bytes && Content.FromHex(hex, value)
            ? [.. value]
            : throw json.Wrong(place, "value", $"is not {bytes} bytes in hexadecimal");
    }
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Processor.Api;

/// <summary>How the façade writes JSON: snake case, and times as RFC 3339 in UTC with milliseconds.</summary>
internal static class ApiJson
{
    internal const string ContentType = "application/json";

    internal const string ProblemContentType = "application/problem+json";

    internal static JsonSerializerOptions Options { get; } = Make();

    /// <summary>An answer as JSON.</summary>
    internal static JsonHttpResult<T> Answer<T>(T body, int status = StatusCodes.Status200OK) => TypedResults.Json(body, Options, ContentType, status);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new MomentConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class MomentConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}

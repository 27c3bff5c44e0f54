using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Processor.Api;

/// <summary>The body of a request: one JSON object of at most <see cref="LengthMax"/> bytes, or nothing, which is the empty object.</summary>
internal sealed class JsonBody
{
    internal const int LengthMax = 64 * 1024;

    private const int DepthMax = 8;

    // The same name twice would let two readers see two amounts.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = DepthMax };

    private JsonBody(ReadOnlyMemory<byte> bytes, JsonElement root, JsonHttpResult<ProblemBody>? problem)
    {
        Bytes = bytes;
        Problem = problem;
        Fields = new JsonFields(root, "", Errors);
    }

    /// <summary>As they came.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What is wrong with the body as a whole; null for nothing.</summary>
    internal JsonHttpResult<ProblemBody>? Problem { get; }

    /// <summary>What is wrong with fields, as far as they were read.</summary>
    internal List<ProblemError> Errors { get; } = [];

    /// <summary>Its members.</summary>
    internal JsonFields Fields { get; }

    internal static async Task<JsonBody> ReadAsync(HttpContext http)
    {
        var (bytes, isTooLong) = await ReadBytesAsync(http.Request, http.RequestAborted);
        if (isTooLong)
            return Refuse(http, StatusCodes.Status413PayloadTooLarge, "The body is longer than 65536 bytes.");
        if (bytes.Length == 0)
            return new JsonBody(bytes, default, problem: null);
        if (!http.Request.HasJsonContentType())
            return Refuse(http, StatusCodes.Status415UnsupportedMediaType, "The body has to be application/json.");
        try
        {
            var root = JsonDocument.Parse(bytes, Strict).RootElement;
            RequireText(bytes.Span);
            return root.ValueKind == JsonValueKind.Object
                ? new JsonBody(bytes, root, problem: null)
                : Refuse(http, StatusCodes.Status400BadRequest, "The body has to be a JSON object.");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return Refuse(http, StatusCodes.Status400BadRequest, "The body is no JSON, names one member twice, or holds a string that is no text.");
        }
    }

    /// <summary>Ends the reading: members that nobody asked for are errors, so that no misspelt one is ignored.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal JsonHttpResult<ProblemBody>? End(HttpContext http)
    {
        if (Problem is not null)
            return Problem;
        Fields.End();
        return Errors.Count > 0 ? Api.Problem.Invalid(http, Errors) : null;
    }

    /// <summary>A string may be JSON and no text: bytes that are no UTF-8, half of a surrogate pair.</summary>
    /// <exception cref="InvalidOperationException">One is not.</exception>
    private static void RequireText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                _ = reader.GetString();
        }
    }

    private static JsonBody Refuse(HttpContext http, int status, string detail) =>
        new(default, default, Api.Problem.Of(http, status, ProblemCode.InvalidRequest, detail));

    private static async Task<(ReadOnlyMemory<byte> Bytes, bool IsTooLong)> ReadBytesAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > LengthMax)
            return (default, true);
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > LengthMax)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return (default, true);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return (bytes, false);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

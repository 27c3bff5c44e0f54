using System.Text.Json;
using System.Text.Json.Nodes;

namespace Processor.Security.Vectors;

/// <summary>Computes known answers of card cryptography, so that anyone can check them: specs/crypto/README.md has the algorithms.</summary>
/// <remarks>The only place that takes keys, PINs and PANs as text. They are those of tests; what is answered is what was asked for.</remarks>
public static class VectorRun
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4 };

    /// <summary>Answers one line.</summary>
    /// <param name="line">A JSON object with <c>id</c>, <c>algorithm</c> and <c>inputs</c>; other members are passed over.</param>
    /// <returns>A JSON object: <c>{"id":…,"result":…}</c> with a string or an object, or <c>{"id":…,"error":…}</c>.</returns>
    public static string Answer(string line)
    {
        var answer = new JsonObject { ["id"] = null };
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new VectorException("The line is no JSON object.");
            answer["id"] = IdOf(document.RootElement);
            if (!IsText(document.RootElement))
                throw new VectorException("The line has half a character.");
            answer["result"] = Compute(document.RootElement);
        }
        catch (VectorException problem)
        {
            answer["error"] = problem.Message;
        }
        catch (JsonException)
        {
            answer["error"] = "The line is not JSON.";
        }

        return answer.ToJsonString();
    }

    private static string? IdOf(JsonElement vector)
    {
        try
        {
            return vector.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // JSON may name half of a surrogate pair by its escape, and whoever reads that text or looks for its name is thrown at.
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().All(member => member.Name is not null && IsText(member.Value)),
                JsonValueKind.Array => value.EnumerateArray().All(IsText),
                JsonValueKind.String => value.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonNode Compute(JsonElement vector)
    {
        if (!vector.TryGetProperty("algorithm", out var name) || name.ValueKind != JsonValueKind.String)
            throw new VectorException("There is no algorithm.");
        if (!vector.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Object)
            throw new VectorException("There are no inputs.");
        var algorithm = name.GetString()!;
        var all = new VectorInputs(inputs);
        return CardVectors.Compute(algorithm, all)
            ?? PinVectors.Compute(algorithm, all)
            ?? EmvVectors.Compute(algorithm, all)
            ?? CvnVectors.Compute(algorithm, all)
            ?? KeyVectors.Compute(algorithm, all)
            ?? MacVectors.Compute(algorithm, all)
            ?? throw new VectorException("The algorithm is not known.");
    }
}

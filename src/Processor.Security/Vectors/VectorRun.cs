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
            if (document.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
                answer["id"] = id.GetString();
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

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Processor.Cards;
using Processor.Records;

namespace Processor.Api;

/// <summary>Carries a request out once for each idempotency key of a tenant, and gives the stored answer from then on.</summary>
/// <remarks>
/// The key's row stands as begun before anything is done, and the answer is stored after. A request that ended between the two is
/// carried out again by the next one under the key, with the same identifiers, and each of its steps has its effect once.
/// </remarks>
internal sealed class IdempotentRequests(IdempotencyKeyQueries keys, RecordsSettings settings, TimeProvider clock)
{
    internal static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>Carries the request out, or answers for it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="body">Its body; the same key with another body is refused.</param>
    /// <param name="resourceType">Prefix of the identifier of what it makes or changes.</param>
    /// <param name="resourceId">What it changes; null for a new identifier.</param>
    /// <param name="act">Does it, and makes the answer. An exception leaves it to the next request under the key.</param>
    internal async Task<IResult> RunAsync(
        HttpContext http, Tenant tenant, JsonBody body, string resourceType, Ulid? resourceId, Func<IdempotentOperation, Task<IResult>> act)
    {
        var header = http.Request.Headers[IdempotencyKeyHeader.Name];
        if (header.Count == 0)
            return Problem.Of(http, StatusCodes.Status400BadRequest, ProblemCode.IdempotencyKeyMissing, "Every POST needs an Idempotency-Key header.");
        if (IdempotencyKeyHeader.Read(header) is not { } key)
            return Problem.Of(http, StatusCodes.Status400BadRequest, ProblemCode.InvalidRequest, "Idempotency-Key is one string of 1 to 255 printable ASCII characters.");

        var hash = HashOf(http.Request, body);
        var row = RowOf(key);
        var now = clock.GetUtcNow();
        var begun = await keys.BeginAsync(
            tenant.Number, row, hash, resourceType, resourceId ?? Ulid.Create(clock), now, now - settings.AbandonedAfter, now - KeptFor, http.RequestAborted);
        return begun is null
            ? await AnswerForAsync(http, tenant, row, hash)
            : await CarryOutAsync(tenant, key, row, begun, act);
    }

    /// <summary>The name of the key's row. Callers put what they like into a key, a card number even: it is not kept as it came.</summary>
    private static string RowOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)));

    private static byte[] HashOf(HttpRequest request, JsonBody body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(request.Method + " " + request.Path + "\n"));
        hash.AppendData(body.Bytes.Span);
        return hash.GetHashAndReset();
    }

    private async Task<IResult> CarryOutAsync(Tenant tenant, string key, string row, IdempotencyKey begun, Func<IdempotentOperation, Task<IResult>> act)
    {
        // From here on the request is finished whether its sender waits or not: half of it would help nobody.
        var isFinished = false;
        try
        {
            var (status, bytes) = Render(await act(new IdempotentOperation(key, begun.ResourceId)));
            if (status < StatusCodes.Status500InternalServerError)
            {
                await keys.FinishAsync(tenant.Number, row, begun.StartedAt, (short)status, bytes, clock.GetUtcNow(), CancellationToken.None);
                isFinished = true;
            }

            return new StoredAnswer(status, bytes, isReplayed: false);
        }
        finally
        {
            if (!isFinished)
                await keys.LeaveAsync(tenant.Number, row, begun.StartedAt, clock.GetUtcNow() - (2 * settings.AbandonedAfter), CancellationToken.None);
        }
    }

    private async Task<IResult> AnswerForAsync(HttpContext http, Tenant tenant, string row, byte[] hash)
    {
        var known = await keys.FindAsync(tenant.Number, row, http.RequestAborted);
        if (known is not null && !known.RequestHash.AsSpan().SequenceEqual(hash))
        {
            return Problem.Of(
                http,
                StatusCodes.Status422UnprocessableEntity,
                ProblemCode.IdempotencyKeyMismatch,
                "That Idempotency-Key was used with another request.",
                resourceId: PublicId.Write(known.ResourceType, known.ResourceId));
        }

        if (known is { FinishedAt: not null, Status: { } status, Body: { } body })
            return new StoredAnswer(status, body, isReplayed: true);
        http.Response.Headers.RetryAfter = ApiPipeline.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.IdempotencyInProgress, "A request of that Idempotency-Key is being carried out.");
    }

    private static (int Status, byte[] Body) Render(IResult result)
    {
        while (result is INestedHttpResult nested)
            result = nested.Result;
        if (result is not IValueHttpResult { Value: { } value } || result is not IStatusCodeHttpResult { StatusCode: { } status })
            throw new InvalidOperationException($"{result.GetType().Name} is no answer that can be stored.");
        return (status, JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), ApiJson.Options));
    }
}

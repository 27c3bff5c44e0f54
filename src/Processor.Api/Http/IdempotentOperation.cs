using Processor.Cards;

namespace Processor.Api;

/// <summary>A request that is being carried out under its idempotency key.</summary>
/// <param name="Key">The key as the caller sent it, unquoted.</param>
/// <param name="ResourceId">The identifier of what is made or changed: the same when the request is carried out again.</param>
internal sealed record IdempotentOperation(string Key, Ulid ResourceId);

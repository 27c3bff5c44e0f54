namespace Processor.Api;

/// <summary>The façade's stable error codes.</summary>
internal static class ProblemCode
{
    internal const string Conflict = "conflict";
    internal const string CurrencyMismatch = "currency_mismatch";
    internal const string ExternalIdTaken = "external_id_taken";
    internal const string IdempotencyInProgress = "idempotency_in_progress";
    internal const string IdempotencyKeyMismatch = "idempotency_key_mismatch";
    internal const string IdempotencyKeyMissing = "idempotency_key_missing";
    internal const string InitialBalanceRequired = "initial_balance_required";
    internal const string InsufficientAvailableBalance = "insufficient_available_balance";
    internal const string InternalError = "internal_error";
    internal const string InvalidRequest = "invalid_request";
    internal const string InvalidStateTransition = "invalid_state_transition";
    internal const string NotFound = "not_found";
    internal const string PinRejected = "pin_rejected";
    internal const string ProductInactive = "product_inactive";
    internal const string ProductNotFound = "product_not_found";
    internal const string ProgramInactive = "program_inactive";
    internal const string ServiceUnavailable = "service_unavailable";
    internal const string Unauthorized = "unauthorized";
    internal const string ValidationFailed = "validation_failed";
}

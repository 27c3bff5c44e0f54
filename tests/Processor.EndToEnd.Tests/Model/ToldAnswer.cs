using Processor.Authorization;
using Processor.Cards;

namespace Processor.EndToEnd.Tests;

/// <summary>What a sender sees of an answer: DE 39's meaning, 4, 38 and 54; of a command what the program is told.</summary>
internal readonly record struct ToldAnswer(AnswerKind Kind, DeclineReason Reason, long Amount, string ApprovalCode, long Ledger, long Available, CommandResult Said);

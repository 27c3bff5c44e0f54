namespace Processor.Iso8583;

/// <summary>The third digit of a message type indicator.</summary>
public enum MtiFunction : byte
{
    Request = 0,
    RequestResponse = 1,
    Advice = 2,
    AdviceResponse = 3,
    Notification = 4,
    NotificationAcknowledgement = 5,
    Instruction = 6,
    InstructionAcknowledgement = 7,
}

namespace Sprig.Devices;

/// <summary>Unwinds a work whose output somebody else drives now. Never leaves <see cref="WorkSlot"/>.</summary>
internal sealed class OutputTakenException : OperationCanceledException;

"""Carriers' servers behind one port: numbers are taken and parcels are followed by an account with 快递100 or SF.

A shop without an account types numbers, scans them, or imports a sheet: nothing here is needed for that.
"""

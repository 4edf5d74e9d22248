"""Draws households by tickets, so that anybody can replay the draw, and keeps an account of every act afterwards."""
